import { Command } from 'commander';
import { compare, METRIC_GROUPS, METRICS, parseThresholds } from '../compare/index.js';
import { readResult } from '../compare/node.js';
import { comparisonMarkdown, comparisonReport } from '../report/node.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { append, oneOf } from './run-options.js';
import { formatOf } from './sweep-options.js';

export const COMPARISON_FORMATS = ['table', 'json', 'markdown'] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

interface CompareCommandOptions extends CommonOptions {
  readonly threshold?: readonly string[];
  readonly format?: ComparisonFormat;
}

const EXAMPLES = [
  'slablab compare before/storm-crd-q3.json after/storm-crd-q3.json',
  'slablab compare a.sweep.json b.sweep.json --threshold memory.resident=1% --threshold bins=2',
];

const MORE = `A threshold is an amount of the figure itself (4096), or percent of what it was (1%); it goes for a figure, for a group (${METRIC_GROUPS.join(', ')}; * is all), and the nearest one counts. Figures without one must be equal.

Of results with accounts (run --types, --owners) these are compared as well, type by type and owner by owner: a row that only one side has counts as none on the other. Ages, examples and who shares slabs are not.

Figures: ${METRICS.join(', ')}

Exit code: 0 if nothing moved beyond its threshold, 1 if something did, 2 for bad usage or input.`;

export function compareCommand(
  show: (result: CommandResult, options: CompareCommandOptions) => void,
): Command {
  const command = new Command('compare')
    .description('what moved between two results of runs, sweeps or benches, and by how much')
    .argument('<before>', 'a result: what --json or --out gave')
    .argument('<after>', 'another one of the same kind')
    .option('--threshold <figure=amount>', 'how far it may move; can be repeated', append)
    .option('--format <format>', COMPARISON_FORMATS.join(' | '), oneOf('a --format', COMPARISON_FORMATS));
  return addExamples(command, EXAMPLES, MORE).action(
    async (before: string, after: string, options: CompareCommandOptions) => {
      const format = formatOf(options);
      const thresholds = parseThresholds(options.threshold ?? []);
      const comparison = compare(await readResult(before), await readResult(after), {
        thresholds,
        isSetupFixed: false,
      });
      const result: CommandResult = {
        json: comparison,
        text: (terminal) =>
          format === 'markdown'
            ? comparisonMarkdown(comparison, `${before} → ${after}`)
            : comparisonReport(comparison, terminal),
        exitCode: comparison.isPassed ? 0 : 1,
        messages: [],
      };
      show(result, { ...options, json: format === 'json' });
    },
  );
}
