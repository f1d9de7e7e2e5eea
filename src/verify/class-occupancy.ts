import type { MallocStats } from '../analysis/index.js';
import type { BinRow, LargeRow, MemoryTotals } from '../engine/index.js';

interface ClassOccupancy {
  readonly size: number;
  /** Regions and pages of a slab. */
  readonly regs: number;
  readonly pages: number;
  /** jemalloc's curregs: what the application holds and what tcaches hold. */
  readonly regions: number;
  readonly slabs: number;
}

interface LargeOccupancy {
  readonly size: number;
  readonly count: number;
}

export interface Occupancy {
  readonly classes: readonly ClassOccupancy[];
  readonly large: readonly LargeOccupancy[];
  /** Bytes. */
  readonly usedMemory: number;
  readonly active: number;
  readonly allocated: number;
}

export const NOTHING: Occupancy = { classes: [], large: [], usedMemory: 0, active: 0, allocated: 0 };

/** A phase of a run, or a snapshot. */
export interface LabSurvey {
  readonly bins: readonly BinRow[];
  readonly large: readonly LargeRow[];
  readonly memory: MemoryTotals;
}

export function occupancyOfLab({ bins, large, memory }: LabSurvey): Occupancy {
  return {
    classes: bins.map(({ size, regs, pages, curregs, curslabs }) => {
      return { size, regs, pages, regions: curregs, slabs: curslabs };
    }),
    large: large.map(({ size, count }) => ({ size, count })),
    usedMemory: memory.usedMemory,
    active: memory.active,
    allocated: memory.allocated,
  };
}

/** jemalloc does not know used_memory: the server counts it itself. */
export function occupancyOfServer({ bins, large, totals }: MallocStats, usedMemory: number): Occupancy {
  return {
    classes: bins.map(({ size, regs, pages, curregs, curslabs }) => {
      return { size, regs, pages, regions: curregs, slabs: curslabs };
    }),
    large: large.map(({ size, curlextents }) => ({ size, count: curlextents })),
    usedMemory,
    active: totals.active,
    allocated: totals.allocated,
  };
}

/**
 * What came on top of `before`. Of a class that holds less than before, nothing came: what a server parks in tcaches as
 * it starts (whole slabs of it, in the larger classes) is given back as soon as there is traffic, whatever the traffic.
 */
export function since(before: Occupancy, after: Occupancy): Occupancy {
  const more = (now = 0, then = 0) => Math.max(0, now - then);
  return {
    classes: pairs(before.classes, after.classes).map(([a, b]) => {
      const { size, regs, pages } = (b ?? a)!;
      return { size, regs, pages, regions: more(b?.regions, a?.regions), slabs: more(b?.slabs, a?.slabs) };
    }),
    large: pairs(before.large, after.large).map(([a, b]) => {
      return { size: (b ?? a)!.size, count: (b?.count ?? 0) - (a?.count ?? 0) };
    }),
    usedMemory: after.usedMemory - before.usedMemory,
    active: after.active - before.active,
    allocated: after.allocated - before.allocated,
  };
}

/** Rows of two tables side by side, by size, ascending. */
export function pairs<Row extends { readonly size: number }>(
  left: readonly Row[],
  right: readonly Row[],
): [Row | undefined, Row | undefined][] {
  const sizes = [...new Set([...left, ...right].map(({ size }) => size))].sort((a, b) => a - b);
  return sizes.map((size) => [left.find((row) => row.size === size), right.find((row) => row.size === size)]);
}
