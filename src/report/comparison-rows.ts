import { type Column, formatCount, formatRatio, formatShare, plural, shortened } from '../base/index.js';
import {
  type CaseComparison,
  type Comparison,
  type Movement,
  ownerText,
  type TimingChange,
} from '../compare/index.js';
import { OBJECTIVES } from '../sweep/index.js';
import { formatFigure, titleOf } from './sweep-columns.js';

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

/** Returns the objectives of the whole run that moved. */
export function headline({ before, after }: CaseComparison): string[] {
  if (before === null || after === null) return [];
  return OBJECTIVES.flatMap((objective) => {
    const [was, is] = [before[objective], after[objective]];
    if (was === is) return [];
    const [from, to] = [was, is].map((value) => formatFigure(objective, value));
    // A change that rounding hides stands only in the table of figures.
    return from === to ? [] : [`${titleOf(objective)} ${from} -> ${to}`];
  });
}

export interface MovementTable {
  readonly columns: readonly Column[];
  /** The number of moved figures without a row. */
  readonly leftOut: number;
}

/**
 * Returns a table of figures of whole phases, then of classes, then of owners. Figures beyond their thresholds stand
 * first, then those that moved most.
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
      .sort((a, b) => Number(b.isBeyond) - Number(a.isBeyond) || distance(b) - distance(a))
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

/** Returns how far a figure moved: in bytes for classes and for bytes of owners, otherwise as a share. */
function distance({ metric, before, after, sizeClass, owner }: Movement): number {
  const [was, is] = [before ?? 0, after ?? 0];
  if (owner !== null && /bytes$/i.test(metric)) return Math.abs(is - was);
  if (sizeClass !== null && owner === null) return Math.abs(is - was) * sizeClass;
  return Math.abs(is - was) / Math.max(Math.abs(was), Math.abs(is), 1);
}

function formatValue(value: number | null): string {
  if (value === null) return '-';
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(4);
}

function formatChange({ before, after, share }: Movement): string {
  if (before === null || after === null) return '-';
  const sign = after > before ? '+' : '-';
  if (share !== null) return `${sign}${formatShare(Math.abs(share))}`;
  return `${sign}${formatValue(Math.abs(after - before))}`;
}

function verdict({ isBeyond, isBetter, threshold }: Movement): string {
  if (!isBeyond) return `within ${threshold}`;
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
