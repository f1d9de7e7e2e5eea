import { Command } from 'commander';
import { explain } from '../analysis/index.js';
import { explainReport } from '../report/index.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { readTexts } from './read-texts.js';
import { addUpstreamOptions, type UpstreamCommandOptions } from './upstream-options.js';

const EXAMPLES = [
  'redis-cli INFO memory | slablab explain',
  '(redis-cli INFO; redis-cli MEMORY MALLOC-STATS) | slablab explain',
  'slablab explain info.txt malloc-stats.txt --json',
  'slablab explain redis://127.0.0.1:6379',
  'slablab explain -',
];

const NOTES =
  'INFO alone gives a coarse explanation; MEMORY MALLOC-STATS of the same moment (jemalloc 5.1 to 5.3) makes it ' +
  'complete. What people paste is read as it is: quoted, indented, in logs, tables, JSON or Python, as a ' +
  'dump of bytes, with blanks lost. What is missing or does not add up is named, and the answer is as fine as the rest ' +
  'allows. MEMORY STATS, and the statistics that jemalloc prints in any other program (as text or JSON), are read too. To paste, run `slablab explain ' +
  '-` and end with Ctrl-D. Files may be compressed by gzip. A URL asks that server for INFO and MEMORY MALLOC-STATS.';

export function explainCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('explain')
    .description("Explain a server's RSS from its INFO output, with a remedy for each part")
    .argument(
      '[files...]',
      'Output of INFO and MEMORY MALLOC-STATS, or the URL of a server; standard input if - or nothing is given',
    )
    .action(async (files: readonly string[], options: CommonOptions & UpstreamCommandOptions) => {
      const explanation = explain(await readTexts(files, options));
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
  return addExamples(addUpstreamOptions(command), EXAMPLES, NOTES);
}
