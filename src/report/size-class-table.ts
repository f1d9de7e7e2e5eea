import { type Column, formatCount, formatShare, tableThatFits } from '../base/index.js';
import type { BinRow } from '../engine/index.js';
import type { PhaseResult } from '../run/index.js';

const MAX_CLASSES = 8;

/** Returns a table of the size classes with most slab memory: slabs in each phase, and their state in the last. */
export function classTable(phases: readonly PhaseResult[], width: number): string[] {
  const last = phases.at(-1);
  if (last === undefined) return [];
  const sizes = largestClasses(phases);
  const cell = (phase: PhaseResult, value: (row: BinRow) => string) =>
    sizes.map((size) => {
      const row = phase.bins.find((bin) => bin.size === size);
      return row === undefined ? '-' : value(row);
    });
  const slabs = phases.map(
    (phase): Column => ({
      title: `at ${phase.name}`,
      cells: cell(phase, (row) => formatCount(row.curslabs)),
    }),
  );
  const states: [string, (row: BinRow) => string][] = [
    ['live', (row) => shareOf(row.live, row.curslabs * row.regs)],
    ['cohort back', (row) => shareOf(row.cohortDrained, row.cohort)],
    ['drained', (row) => formatCount(row.drained)],
    ['drainable', (row) => formatCount(row.drainable)],
    ['parked', (row) => formatCount(row.parked)],
    ['regions', (row) => `${row.regs}/${row.pages}p`],
  ];
  return tableThatFits(
    { title: 'class', cells: sizes.map(String) },
    [...slabs, ...states.map(([title, value]) => ({ title, cells: cell(last, value) }))],
    width,
  );
}

function largestClasses(phases: readonly PhaseResult[]): number[] {
  const pages = new Map<number, number>();
  for (const { bins } of phases) {
    for (const { size, curslabs, pages: slabPages } of bins) {
      pages.set(size, Math.max(pages.get(size) ?? 0, curslabs * slabPages));
    }
  }
  return [...pages]
    .filter(([, used]) => used > 0)
    .sort(([sizeA, a], [sizeB, b]) => b - a || sizeA - sizeB)
    .slice(0, MAX_CLASSES)
    .map(([size]) => size);
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? '-' : formatShare(part / whole);
}
