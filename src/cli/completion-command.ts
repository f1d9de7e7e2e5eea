import { Argument, Command } from 'commander';
import { unknownName } from '../base/index.js';
import { outlineOf } from './command-outline.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { completionScript, SHELLS, type Shell } from './shell-completion.js';

const EXAMPLES = [
  'source <(slablab completion bash)',
  'slablab completion zsh > ~/.zfunc/_slablab',
  'slablab completion fish > ~/.config/fish/completions/slablab.fish',
];

export function completionCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const shell = new Argument('<shell>', `Shell: ${SHELLS.join(' | ')}`);
  shell.argChoices = [...SHELLS];
  const command = new Command('completion')
    .description('Print the completion of commands, options and their values for a shell')
    .addArgument(shell)
    .action((name: string, options: CommonOptions, { parent }: Command) => {
      const script = completionScript(shellNamed(name), outlineOf(parent!));
      const json = { schema: 'slablab.completion/1', shell: name, script };
      show({ json, text: () => script, exitCode: 0, messages: [] }, { ...options, pager: false });
    });
  return addExamples(command, EXAMPLES);
}

function shellNamed(name: string): Shell {
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) throw unknownName('a shell with completion', name, SHELLS);
  return shell;
}
