import {
  type Column,
  formatBytes,
  formatCount,
  formatShare,
  tableThatFits,
  visible,
  wrap,
} from '../base/index.js';
import { type Advice, losesKeys, type TriedPair, type TriedRemedy } from '../remedy/index.js';
import { certaintyLine } from './certainty-line.js';
import { bold } from './colour.js';
import type { Terminal } from './terminal.js';

const MAX_SHOWN = 2000;
const LONGEST_LABEL = 26;

/** Returns the report of an advice. `lineFor` gives the command line that repeats a remedy here. */
export function adviceReport(
  advice: Advice,
  lineFor: (steps: readonly string[]) => string,
  { width, colours }: Terminal,
): string {
  const { workload, server, build, jemalloc, conf, conclusion, limits, remedies, pairs } = advice;
  const heading = `${visible(workload, MAX_SHOWN)} on ${server}, build ${build} (jemalloc ${jemalloc})`;
  const helping = remedies.filter(({ helps }) => helps);
  const sections = [
    wrap(conf === '' ? heading : `${heading}, conf ${conf}`, width).map((line) => bold(line, colours)),
    [conclusion, certaintyLine(advice), ...limits].flatMap((sentence) =>
      wrap(visible(sentence, MAX_SHOWN), width),
    ),
    table(advice, width),
    wrap(
      `A gain below ${formatShare(advice.tolerance)} of resident memory counts as none. ${cautions(remedies)}`.trimEnd(),
      width,
    ),
    pairs.flatMap((pair) => wrap(pairSentence(pair), width)),
    helping.length === 0 ? [] : lines(helping[0]!, lineFor),
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => `${section.join('\n')}\n`)
    .join('\n');
}

function table({ before, remedies }: Advice, width: number): string[] {
  const column = (title: string, first: string, cell: (remedy: TriedRemedy) => string): Column => ({
    title,
    cells: [first, ...remedies.map(cell)],
  });
  return tableThatFits(
    { title: 'remedy', cells: ['(as it is)', ...remedies.map(({ name }) => visible(name, LONGEST_LABEL))] },
    [
      column('comes back', '-', ({ backBytes }) => formatBytes(backBytes)),
      column('resident', formatBytes(before.resident), ({ memory }) => formatBytes(memory.resident)),
      column('used_memory', formatBytes(before.usedMemory), ({ memory }) => formatBytes(memory.usedMemory)),
      column('helps', '-', ({ helps }) => (helps ? 'yes' : 'no')),
      column('keys', formatCount(before.keys), ({ memory }) => formatCount(memory.keys)),
      column('commands', '-', ({ costs }) => formatCount(costs.sent)),
      column('copied', '-', ({ costs }) => formatBytes(costs.copiedBytes)),
    ],
    width,
  );
}

/** Says what the figures of the table do not: with what a remedy is compared, and its other costs. */
function cautions(remedies: readonly TriedRemedy[]): string {
  const beyond = remedies.some((remedy) => remedy.beyond === 'restart');
  const compared = beyond
    ? 'A setting or version must give back more than a restart alone, an upgrade a tenth of resident memory. '
    : '';
  const costs = remedies
    .filter(({ helps, kind, caution }) => helps && !losesKeys(kind) && caution !== '')
    .map(({ name, caution }) => `${visible(name)}: ${caution}`);
  return `${compared}${[...new Set(costs)].map((cost) => `${cost}.`).join(' ')}`.trim();
}

function pairSentence({ first, second, backBytes, relation }: TriedPair): string {
  return `${visible(first)} and ${visible(second)} ${relation}: ${formatBytes(backBytes)} come back with both.`;
}

function lines(
  { name, steps, onServer }: TriedRemedy,
  lineFor: (steps: readonly string[]) => string,
): string[] {
  return [
    `Here, for ${visible(name)}:`,
    `  ${visible(lineFor(steps), MAX_SHOWN)}`,
    'On the server:',
    ...onServer.map((line) => `  ${visible(line, MAX_SHOWN)}`),
  ];
}
