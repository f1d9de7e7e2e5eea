import { Command } from 'commander';
import { explain } from '../analysis/index.js';
import { explainReport } from '../report/index.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { readTexts } from './read-texts.js';

const EXAMPLES = [
  'redis-cli INFO memory | slablab explain',
  '(redis-cli INFO; redis-cli MEMORY MALLOC-STATS) | slablab explain',
  'slablab explain info.txt malloc-stats.txt --json',
  'slablab explain -',
];

const NOTES =
  'INFO alone gives a coarse explanation; MEMORY MALLOC-STATS of the same moment (jemalloc 5.1 to 5.3) makes it ' +
  'complete. Quotes, prompts and line ends of redis-cli are accepted. To paste the output, run `slablab explain -` and ' +
  'end with Ctrl-D. The command does not connect to a server.';

export function explainCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('explain')
    .description("Explain a server's RSS from its INFO output, with a remedy for each part")
    .argument(
      '[files...]',
      'Output of INFO and MEMORY MALLOC-STATS in redis-cli; standard input if - or no file is given',
    )
    .action(async (files: readonly string[], options: CommonOptions) => {
      const explanation = explain(await readTexts(files));
      show(
        {
          json: explanation,
          text: (terminal) => explainReport(explanation, terminal),
          exitCode: 0,
          messages: [],
        },
        options,
      );
    });
  return addExamples(command, EXAMPLES, NOTES);
}
