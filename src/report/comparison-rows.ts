import {
  type Column,
  formatBytes,
  formatCount,
  formatRatio,
  formatShare,
  plural,
  shortened,
} from '../base/index.js';
import {
  type CaseComparison,
  type Comparison,
  type Movement,
  ownerText,
  type TimingChange,
} from '../compare/index.js';

/** Limits the report, since one change can move hundreds of figures. Omitted rows are counted, and are in the JSON. */
const MAX_ROWS = 120;
const MAX_ROWS_OF_CASE = 24;

/** Returns one sentence: what was compared, and how many cases moved. */
export function summary({ before, after, cases, isPassed }: Comparison): string {
  const figures = cases.reduce((sum, one) => sum + one.figures, 0);
  const failed = cases.filter((one) => !one.isPassed).length;
  const within = cases.reduce(
    (sum, { movements }) => sum + movements.filter(({ isBeyond }) => !isBeyond).length,
    0,
  );
  const compared = `${plural(figures, 'figure')} of ${plural(cases.length, 'case')} compared with ${before}`;
  const verdict = isPassed
    ? within === 0
      ? 'none has moved'
      : 'none has moved beyond its threshold'
    : `${formatCount(failed)} of ${plural(cases.length, 'case')} moved`;
  const rest = within === 0 || !isPassed ? '' : `; ${plural(within, 'figure')} moved within`;
  const what = after === 'this run' ? '' : `${after}: `;
  return `${what}${compared}: ${verdict}${rest}.`;
}

/** Returns the cases that failed, moved or were set up differently. */
export function movedCases({ cases }: Comparison): CaseComparison[] {
  return cases.filter(
    ({ isPassed, setup, movements }) => !isPassed || setup.length > 0 || movements.length > 0,
  );
}

/** Returns a sentence for each problem, difference in setup and loss of speed. */
export function remarks({ setup, problems, timing }: CaseComparison): string[] {
  return [
    ...problems,
    ...setup.map(({ what, before, after }) => `${what}: ${before} -> ${after}`),
    ...(timing?.isBeyond === true
      ? [
          `speed: ${formatRatio(timing.before)} -> ${formatRatio(timing.after)} of native, more than ${timing.threshold} slower`,
        ]
      : []),
  ];
}

/** The figures that say what a movement means to a server, the first of them first. */
const LEADING: ReadonlyMap<string, string> = new Map([
  ['memory.usedMemory', 'used_memory'],
  ['memory.resident', 'resident'],
  ['memory.peakResident', 'peak'],
]);

/** Returns the leading figures that moved, at the last phase at which each did. */
export function headline({ movements }: CaseComparison): string[] {
  return [...LEADING].flatMap(([metric, title]) => {
    const last = movements.filter((movement) => movement.metric === metric).at(-1);
    if (last?.before == null || last.after === null) return [];
    const [from, to] = [formatBytes(last.before), formatBytes(last.after)];
    // A change that rounding hides stands only in the table of figures.
    return from === to ? [] : [`${title} ${from} -> ${to}`];
  });
}

/** Returns the most bytes by which a leading figure of a case moved. */
export function movedBytes({ movements }: CaseComparison): number {
  const leading = movements.filter(({ metric }) => LEADING.has(metric));
  return leading.reduce((most, movement) => Math.max(most, distanceInBytes(movement)), 0);
}

export interface MovementTable {
  readonly columns: readonly Column[];
  /** The number of moved figures without a row. */
  readonly leftOut: number;
}

/**
 * Returns a table of figures of whole phases, then of classes, then of owners. Figures beyond their thresholds stand
 * first. Then used_memory and resident memory lead, bytes follow by their amount, and counts by their share.
 */
export function movementTable({ movements }: CaseComparison, casesMoved: number): MovementTable {
  const maxRows = Math.min(MAX_ROWS_OF_CASE, Math.max(4, Math.floor(MAX_ROWS / casesMoved)));
  const parts = [
    movements.filter(({ sizeClass, owner }) => sizeClass === null && owner === null),
    movements.filter(({ sizeClass, owner }) => sizeClass !== null && owner === null),
    movements.filter(({ owner }) => owner !== null),
  ].filter((part) => part.length > 0);
  const rows = parts.flatMap((part) =>
    [...part]
      .sort(
        (a, b) => Number(b.isBeyond) - Number(a.isBeyond) || rankOf(a) - rankOf(b) || weight(b) - weight(a),
      )
      .slice(0, Math.max(1, Math.floor(maxRows / parts.length))),
  );
  const column = (title: string, cell: (movement: Movement) => string): Column => ({
    title,
    cells: rows.map(cell),
  });
  const isOwned = rows.some(({ owner }) => owner !== null);
  return {
    columns: [
      column('phase', ({ phase }) => phase),
      column(
        isOwned ? 'figure [class, owner]' : 'figure [class]',
        (movement) => `${movement.metric}${qualifier(movement)}`,
      ),
      column('before', ({ before }) => formatValue(before)),
      column('after', ({ after }) => formatValue(after)),
      column('change', (movement) => `${formatChange(movement)} ${verdict(movement)}`.trimEnd()),
    ],
    leftOut: movements.length - rows.length,
  };
}

function qualifier({ sizeClass, owner }: Movement): string {
  const parts = [sizeClass === null ? '' : `${sizeClass}`, owner === null ? '' : shortened(ownerText(owner))];
  const shown = parts.filter((part) => part !== '').join(' ');
  return shown === '' ? '' : ` [${shown}]`;
}

export function leftOutSentence(leftOut: number): string {
  return `… and ${plural(leftOut, 'figure')} more; the JSON has them all`;
}

/** Figures of address space and of its records, which are no memory of their own, follow all other bytes. */
const OF_ADDRESS_SPACE: readonly string[] = ['memory.mapped', 'memory.retained', 'memory.metadata'];
const BYTES = /bytes$/i;

/** Returns the place of a figure among others: the leading ones, bytes, address space, then counts and shares. */
function rankOf(movement: Movement): number {
  const { metric } = movement;
  const leading = [...LEADING.keys()].indexOf(metric);
  if (leading >= 0) return leading;
  if (OF_ADDRESS_SPACE.includes(metric)) return LEADING.size + 1;
  return isInBytes(movement) ? LEADING.size : LEADING.size + 2;
}

function isInBytes({ metric, sizeClass, owner }: Movement): boolean {
  if (sizeClass !== null && owner === null) return true;
  if (metric.startsWith('system.')) return false;
  return BYTES.test(metric) || (metric.startsWith('memory.') && metric !== 'memory.fragmentationRatio');
}

/** Returns how far a figure moved: in bytes where it has any, otherwise as a share. */
function weight(movement: Movement): number {
  if (isInBytes(movement)) return distanceInBytes(movement);
  const { before, after } = movement;
  const [was, is] = [before ?? 0, after ?? 0];
  return Math.abs(is - was) / Math.max(Math.abs(was), Math.abs(is), 1);
}

function distanceInBytes({ before, after, sizeClass, owner }: Movement): number {
  const distance = Math.abs((after ?? 0) - (before ?? 0));
  return sizeClass !== null && owner === null ? distance * sizeClass : distance;
}

function formatValue(value: number | null): string {
  if (value === null) return '-';
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(4);
}

function formatChange({ before, after, share }: Movement): string {
  if (before === null || after === null) return '-';
  const sign = after > before ? '+' : '-';
  // A minus before `>99.9%` would look like an arrow.
  if (share !== null) return `${sign}${formatShare(Math.abs(share)).replace(/^[<>]/, '')}`;
  return `${sign}${formatValue(Math.abs(after - before))}`;
}

function verdict({ isBeyond, isBetter, threshold }: Movement): string {
  if (!isBeyond) return `within ${threshold.replace(/^\d{5,}$/, (digits) => formatCount(Number(digits)))}`;
  return isBetter === null ? '' : isBetter ? 'better' : 'worse';
}

/** Returns the measured speeds, which vary between runs; undefined if no case has them on both sides. */
export function timingColumns({ cases }: Comparison): { label: Column; columns: Column[] } | undefined {
  const timed = cases.filter((one) => one.timing !== null);
  if (timed.length === 0) return undefined;
  const column = (title: string, cell: (timing: TimingChange) => string): Column => ({
    title,
    cells: timed.map(({ timing }) => (timing === null ? '' : cell(timing))),
  });
  return {
    label: { title: 'speed of WebAssembly', cells: timed.map(({ name }) => name) },
    columns: [
      column('of native before', ({ before }) => formatRatio(before)),
      column('after', ({ after }) => formatRatio(after)),
    ],
  };
}
