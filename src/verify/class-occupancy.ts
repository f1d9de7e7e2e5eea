/** The figures that are compared: regions and slabs by size class, and three totals. */
import type { MallocStats } from '../analysis/index.js';
import type { BinRow, LargeRow, MemoryTotals } from '../engine/index.js';

interface ClassOccupancy {
  readonly size: number;
  /** The number of regions in a slab. */
  readonly regs: number;
  /** The number of pages of a slab. */
  readonly pages: number;
  /** jemalloc's curregs: the regions that the application or a tcache holds. */
  readonly regions: number;
  readonly slabs: number;
}

interface LargeOccupancy {
  readonly size: number;
  readonly count: number;
}

/** The regions and extents that an allocator holds, with amounts in bytes. */
export interface Occupancy {
  readonly classes: readonly ClassOccupancy[];
  readonly large: readonly LargeOccupancy[];
  readonly usedMemory: number;
  readonly active: number;
  readonly allocated: number;
}

export const EMPTY_OCCUPANCY: Occupancy = { classes: [], large: [], usedMemory: 0, active: 0, allocated: 0 };

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

/** Returns the occupancy of a server. `usedMemory` is the server's count, which jemalloc does not have. */
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
 * Returns what was added since `before`. A class that shrank counts as 0: at its start a server parks regions in tcaches,
 * which any traffic flushes.
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

/** Returns the rows of two tables side by side, by ascending size. */
export function pairs<Row extends { readonly size: number }>(
  left: readonly Row[],
  right: readonly Row[],
): [Row | undefined, Row | undefined][] {
  const sizes = [...new Set([...left, ...right].map(({ size }) => size))].sort((a, b) => a - b);
  return sizes.map((size) => [left.find((row) => row.size === size), right.find((row) => row.size === size)]);
}
