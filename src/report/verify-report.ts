import {
  type Column,
  formatBytes,
  formatCount,
  plural,
  tableInBlocks,
  tableThatFits,
  wrap,
} from '../base/index.js';
import { type Amounts, type Comparison, type Measures, type Pair, tooFar } from '../verify/index.js';
import type { VerifyPhase, VerifyResult } from '../verify/node.js';
import { certaintyLine } from './certainty-line.js';
import { bold } from './colour.js';
import { gapLines } from './gap-lines.js';
import type { Terminal } from './terminal.js';

/** Limits the classes of a comparison to those that differ most, then to those with most slab memory. */
const MAX_CLASSES = 16;

const MEASURE_NAMES: Readonly<Record<keyof Measures, string>> = {
  slabs: 'slabs',
  regions: 'regions',
  usedMemory: 'used_memory',
};

const MEASURES = Object.keys(MEASURE_NAMES) as (keyof Measures)[];

/** Returns the comparison of the lab with a real server: the verdict, then tables for each phase. */
export function verifyReport(result: VerifyResult, terminal: Terminal): string {
  const sections = [
    title(result, terminal),
    [...verdictLines(result, terminal.width), ...wrap(certaintyLine(result.lab), terminal.width)],
    basis(result, terminal.width),
    trafficLines(result, terminal.width),
    ...result.phases.flatMap((phase) => phaseSections(phase, result, terminal)),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function title({ input, lab, server }: VerifyResult, { width, colours }: Terminal): string[] {
  const text = `${input}: ${lab.server}, build ${lab.build}, beside ${server.product} ${server.version}`;
  return wrap(text, width).map((line) => bold(line, colours));
}

/** Returns what the comparison is based on. */
function basis({ server, baseline, settleMs }: VerifyResult, width: number): string[] {
  // The commit hash in 5.3.0-0-g54eaed1d… is longer than a narrow line.
  const jemalloc = server.jemalloc.split('-', 1)[0];
  const allocator = `The server's jemalloc is ${jemalloc}, quantum ${server.quantum}.`;
  const meaning =
    baseline === 'idle'
      ? 'Judged by deltas from an idle server: what each side holds more than with a client connected and no command sent.'
      : 'Judged by absolute figures: all that each side holds, what a server allocates as it starts included.';
  return [
    ...wrap(`${allocator} Surveyed after ${formatCount(settleMs)} ms of rest.`, width),
    ...wrap(meaning, width),
  ];
}

function trafficLines({ traffic, lab }: VerifyResult, width: number): string[] {
  const { commands, bytes, clients, errors, notSent } = traffic;
  const refused = errors.map(
    ({ kind, count, example }) => `${formatCount(count)} ${kind} (first: ${example})`,
  );
  const left = notSent.map(({ name, count }) => `${formatCount(count)} ${name}`);
  const lines = [
    `${plural(commands, 'command')}, ${formatBytes(bytes)}, over ${plural(clients, 'connection')}.`,
  ];
  if (refused.length > 0) lines.push(`The server answered with errors: ${refused.join('; ')}.`);
  if (left.length > 0)
    lines.push(`Not sent, because verify's server must not carry them out: ${left.join(', ')}.`);
  const unknown = lab.unknown.map(({ name, count }) => `${formatCount(count)} ${name}`);
  if (unknown.length > 0) lines.push(`The model does not know, and left out: ${unknown.join(', ')}.`);
  lines.push(...gapLines(lab.gaps));
  return lines.flatMap((line) => wrap(line, width));
}

function phaseSections(phase: VerifyPhase, result: VerifyResult, terminal: Terminal): string[][] {
  const { baseline, thresholds } = result;
  const { width, colours } = terminal;
  const judged = phase[baseline];
  const other = baseline === 'idle' ? 'absolute' : 'idle';
  return [
    [
      bold(`at ${phase.name}: ${plural(phase.serverKeys, 'key')} in the server`, colours),
      ...classTable(judged, width),
    ],
    largeTable(judged, width),
    memoryTable(judged, baseline, width),
    measureTable(judged, { thresholds, least: phase.least }, width),
    leastLines(phase, width),
    memoryTable(phase[other], other, width),
    measureTable(phase[other], undefined, width),
  ];
}

function classTable(comparison: Comparison, width: number): string[] {
  const rows = [...comparison.classes]
    .filter(({ slabs, regions }) =>
      [slabs.lab, slabs.server, regions.lab, regions.server].some((n) => n !== 0),
    )
    .sort((a, b) => apart(b.slabs) - apart(a.slabs) || b.slabs.server * b.pages - a.slabs.server * a.pages)
    .slice(0, MAX_CLASSES)
    .sort((a, b) => a.size - b.size);
  if (rows.length === 0) return ['No small class holds anything.'];
  const column = (title: string, cell: (row: (typeof rows)[number]) => string): Column => {
    return { title, cells: rows.map(cell) };
  };
  const label = column('class', ({ size }) => `${size}`);
  const slabs = [
    column('slabs', ({ slabs }) => formatCount(slabs.lab)),
    column('server', ({ slabs }) => formatCount(slabs.server)),
    column('diff', ({ slabs }) => difference(slabs)),
  ];
  const regions = [
    column('regions', ({ regions }) => formatCount(regions.lab)),
    column('server', ({ regions }) => formatCount(regions.server)),
    column('diff', ({ regions }) => difference(regions)),
    column('a slab', ({ regs, pages }) => `${regs}/${pages}p`),
  ];
  const sideBySide = tableThatFits(label, [...slabs, ...regions], Number.POSITIVE_INFINITY);
  if (sideBySide.every((line) => line.length <= width)) return sideBySide;
  return [...tableThatFits(label, slabs, width), '', ...tableThatFits(label, regions, width)];
}

function largeTable({ large }: Comparison, width: number): string[] {
  const rows = large.filter(({ count }) => count.lab !== count.server);
  if (rows.length === 0) return [];
  return tableInBlocks(
    { title: 'large', cells: rows.map(({ size }) => formatBytes(size)) },
    pairColumns(
      rows.map(({ count }) => count),
      formatCount,
    ),
    width,
  );
}

function memoryTable({ memory }: Comparison, baseline: string, width: number): string[] {
  const rows = [memory.usedMemory, memory.active, memory.allocated];
  const title = baseline === 'idle' ? 'since idle' : 'absolute';
  return tableInBlocks(
    { title, cells: ['used_memory', 'active', 'allocated'] },
    pairColumns(rows, formatBytes),
    width,
  );
}

function pairColumns(rows: readonly Pair[], format: (value: number) => string): Column[] {
  const signed = (value: number) => (value > 0 ? `+${format(value)}` : format(value));
  return [
    { title: 'lab', cells: rows.map(({ lab }) => format(lab)) },
    { title: 'server', cells: rows.map(({ server }) => format(server)) },
    { title: 'diff', cells: rows.map(({ lab, server }) => signed(lab - server)) },
  ];
}

function measureTable(
  { measures, amounts }: Comparison,
  limits: { readonly thresholds: Measures; readonly least: Amounts } | undefined,
  width: number,
): string[] {
  const columns: Column[] = [
    { title: 'apart', cells: MEASURES.map((name) => percent(measures[name])) },
    { title: 'amount', cells: MEASURES.map((name) => amountText(name, amounts[name])) },
  ];
  if (limits !== undefined) {
    const { thresholds, least } = limits;
    const above = tooFar({ measures, amounts }, thresholds, least);
    columns.push(
      { title: 'allowed', cells: MEASURES.map((name) => percent(thresholds[name])) },
      { title: 'or', cells: MEASURES.map((name) => amountText(name, least[name])) },
      { title: '', cells: MEASURES.map((name) => (above.includes(name) ? 'TOO FAR' : 'ok')) },
    );
  }
  const label = { title: 'measure', cells: MEASURES.map((name) => MEASURE_NAMES[name]) };
  return tableInBlocks(label, columns, width);
}

/** Says where the least amounts come from, and what the comparison without tcaches has shown. */
function leastLines({ withoutTcaches, least }: VerifyPhase, width: number): string[] {
  const usual =
    'The share or the amount is allowed, whichever is more. The amounts are what two starts of one server differ by on ' +
    'the same traffic, as measured (docs/servers.md).';
  if (withoutTcaches === undefined) return wrap(usual, width);
  const { comparison, exceeded } = withoutTcaches;
  const { measures, amounts } = comparison;
  const list = MEASURES.map(
    (name) => `${MEASURE_NAMES[name]} ${percent(measures[name])} (${amountText(name, amounts[name])})`,
  );
  const apart = `Both sides without tcaches are apart by: ${list.join(', ')}.`;
  if (exceeded.length > 0)
    return wrap(`${usual} ${apart} So the model differs, and not only the tcaches.`, width);
  return wrap(
    `${apart} So the model agrees, and the rest is what tcaches hold, which depends on the start of a server. The ` +
      `amounts for slabs (${formatCount(least.slabs)}) and regions (${formatCount(least.regions)}) are what tcaches make ` +
      'of this server: the difference of its two runs on this traffic, with and without them.',
    width,
  );
}

function amountText(name: keyof Measures, amount: number): string {
  return name === 'usedMemory' ? formatBytes(amount) : formatCount(amount);
}

/** The lines in which a verdict fits a screen. */
const MOST_VERDICT_LINES = 8;

/** Returns the verdict, with the phases that differ counted where they are many. */
function verdictLines(result: VerifyResult, width: number): string[] {
  const lines: string[] = [];
  const sentences = verdict(result);
  for (const [index, sentence] of sentences.entries()) {
    const more = wrap(sentence, width);
    if (lines.length + more.length > MOST_VERDICT_LINES) {
      return [...lines, `… and ${plural(sentences.length - index, 'phase')} more, below`];
    }
    lines.push(...more);
  }
  return lines;
}

function verdict({ phases, agrees, server, baseline, lab }: VerifyResult): string[] {
  const how = baseline === 'idle' ? 'since idle' : 'in absolute figures';
  if (agrees) {
    const gaps = lab.gaps === undefined ? '' : ` ${gapLines(lab.gaps)[0]?.replace(/:$/, '.') ?? ''}`;
    return [
      `The lab agrees with ${server.product} ${server.version} ${how}, within what is allowed.${gaps}`,
      ...phases.map(({ name, [baseline]: { measures } }) => {
        const list = MEASURES.map((measure) => `${MEASURE_NAMES[measure]} ${percent(measures[measure])}`);
        return `Apart at \`${name}\`: ${list.join(', ')}.`;
      }),
    ];
  }
  return phases
    .filter(({ exceeded }) => exceeded.length > 0)
    .map(({ name, exceeded, [baseline]: { measures } }) => {
      const list = exceeded
        .map((measure) => `${MEASURE_NAMES[measure]} ${percent(measures[measure])}`)
        .join(', ');
      return `The lab DIFFERS from ${server.product} ${server.version} at \`${name}\` ${how}: ${list}.`;
    });
}

function apart({ lab, server }: Pair): number {
  return Math.abs(lab - server);
}

function difference({ lab, server }: Pair): string {
  const value = lab - server;
  return value === 0 ? '' : value > 0 ? `+${formatCount(value)}` : formatCount(value);
}

/** Returns a percentage with two digits more than formatShare, since thresholds are as small as half a percent. */
function percent(share: number): string {
  const text = (share * 100).toFixed(3);
  return text === '0.000' && share > 0 ? '<0.001%' : `${text}%`;
}
