import { Command } from 'commander';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { manPage } from './man-page.js';

const EXAMPLES = ['slablab man | man -l -', 'slablab man > /usr/local/share/man/man1/slablab.1'];

export function manCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('man')
    .description('Print the man page, which has all commands and options')
    .action((options: CommonOptions, { parent }: Command) => {
      const page = manPage(parent!);
      const json = { schema: 'slablab.man/1', page };
      show({ json, text: () => page, exitCode: 0, messages: [] }, { ...options, pager: false });
    });
  return addExamples(command, EXAMPLES);
}
