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

const MORE =
  'INFO alone gives a coarse answer, MEMORY MALLOC-STATS of the same moment a full one (jemalloc 5.1 to 5.3). Quotes, ' +
  'prompts and line ends of redis-cli do no harm; where - waits, paste both and press Ctrl-D. No server is asked.';

export function explainCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('explain')
    .description("what a real server's RSS is made of, and what to do about each part")
    .argument(
      '[files...]',
      'INFO and MEMORY MALLOC-STATS as redis-cli prints them; -, or none: standard input',
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
  return addExamples(command, EXAMPLES, MORE);
}
