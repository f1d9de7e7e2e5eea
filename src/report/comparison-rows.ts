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

/** One change can move hundreds of figures. What is left out is counted, and is in the JSON. */
const MAX_ROWS = 120;
const MAX_ROWS_OF_CASE = 24;

/** "default: 2 of 18 cases moved: before.json -> after.json" and what was compared. */
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

/** Those that there is something to say of. */
export function movedCases({ cases }: Comparison): CaseComparison[] {
  return cases.filter(
    ({ isPassed, setup, movements }) => !isPassed || setup.length > 0 || movements.length > 0,
  );
}

/** Sentences: what is not as it was beside figures. */
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

/** Of the whole run; those that moved. */
export function headline({ before, after }: CaseComparison): string[] {
  if (before === null || after === null) return [];
  return OBJECTIVES.flatMap((objective) => {
    const [was, is] = [before[objective], after[objective]];
    if (was === is) return [];
    const [from, to] = [was, is].map((value) => formatFigure(objective, value));
    // By less than it is rounded to: the figures below have it to the byte.
    return from === to ? [] : [`${titleOf(objective)} ${from} -> ${to}`];
  });
}

export interface MovementTable {
  readonly columns: readonly Column[];
  /** How many figures moved that are not among the rows. */
  readonly leftOut: number;
}

/**
 * Figures of the whole phase, then of classes, then of owners; of each those beyond their thresholds first, then what
 * moved most.
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
        (movement) => `${movement.metric}${ofWhat(movement)}`,
      ),
      column('before', ({ before }) => formatValue(before)),
      column('after', ({ after }) => formatValue(after)),
      column('change', (movement) => `${formatChange(movement)} ${verdict(movement)}`.trimEnd()),
    ],
    leftOut: movements.length - rows.length,
  };
}

function ofWhat({ sizeClass, owner }: Movement): string {
  const parts = [sizeClass === null ? '' : `${sizeClass}`, owner === null ? '' : shortened(ownerText(owner))];
  const shown = parts.filter((part) => part !== '').join(' ');
  return shown === '' ? '' : ` [${shown}]`;
}

export function leftOutSentence(leftOut: number): string {
  return `… and ${plural(leftOut, 'figure')} more; the JSON has them all`;
}

/** Of classes about the bytes, of owners those that are bytes; of anything else the part of it that came or went. */
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

/** Not deterministic; undefined where no speed was measured on both sides. */
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
