import { Command } from 'commander';
import { checkMetric, compare, METRIC_GROUPS, METRICS, parseThresholds } from '../compare/index.js';
import { readResult } from '../compare/node.js';
import { comparisonMarkdown, comparisonReport } from '../report/node.js';
import { append } from './arguments.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';

interface CompareCommandOptions extends CommonOptions {
  readonly threshold?: readonly string[];
  readonly only?: readonly string[];
}

const EXAMPLES = [
  'slablab compare before/storm-crd-q3.json after/storm-crd-q3.json',
  "slablab compare a.json b.json --only memory.usedMemory --threshold 'memory.usedMemory=up 1%'",
  'slablab compare a.sweep.json b.sweep.json --threshold memory.resident=1% --threshold bins=2',
];

const NOTES = `A threshold is an absolute amount (4096) or a percentage of the earlier value (1%). It applies to one figure or to a group (${METRIC_GROUPS.join(', ')}; * stands for all figures), and the most specific threshold applies. Figures without a threshold must be equal. With "up" or "down" before it ('up 1%'), only that direction counts. Figures of types and owners may name one owner: owners.patterns.bytesPerKey[session:*].

Accounts (run --types, --owners) are compared by type and by owner. A row that one side lacks counts as 0 there. Ages, examples and the sharing of slabs are not compared.

Figures: ${METRICS.join(', ')}

Exit code: 0 if no figure moved beyond its threshold, 1 if one did, 2 for bad usage or input.`;

export function compareCommand(
  show: (result: CommandResult, options: CompareCommandOptions) => void,
): Command {
  const command = new Command('compare')
    .description('Compare two results of runs, sweeps or benches, and list the figures that moved')
    .argument('<before>', 'Result that --json or --out wrote')
    .argument('<after>', 'Result of the same kind')
    .option('--threshold <figure=amount>', 'Allowed change of a figure; repeatable', append)
    .option('--only <figure>', 'Figure or group to compare, without the others; repeatable', append);
  return addExamples(command, EXAMPLES, NOTES).action(
    async (before: string, after: string, options: CompareCommandOptions) => {
      const thresholds = parseThresholds(options.threshold ?? []);
      const comparison = compare(await readResult(before), await readResult(after), {
        thresholds,
        only: options.only?.map((name) => checkMetric(name)),
        isSetupFixed: false,
      });
      const result: CommandResult = {
        json: comparison,
        text: (terminal) => comparisonReport(comparison, terminal),
        markdown: () => comparisonMarkdown(comparison, `${before} → ${after}`),
        exitCode: comparison.isPassed ? 0 : 1,
        messages: [],
      };
      show(result, options);
    },
  );
}
