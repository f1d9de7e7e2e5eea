/** The comparison of the lab with the server. */
import { type Occupancy, pairs } from './class-occupancy.js';

export interface Pair {
  readonly lab: number;
  readonly server: number;
}

interface ClassComparison {
  readonly size: number;
  readonly regs: number;
  readonly pages: number;
  readonly regions: Pair;
  readonly slabs: Pair;
}

interface LargeComparison {
  readonly size: number;
  readonly count: Pair;
}

/** Differences as shares of the server's figures; 0.01 is one percent. */
export interface Measures {
  /** The sum over classes of |lab slabs - server slabs|, divided by the server's slabs. */
  readonly slabs: number;
  /** The same for the regions of slabs. */
  readonly regions: number;
  /** |lab used_memory - server used_memory|, divided by the server's. */
  readonly usedMemory: number;
}

export interface Comparison {
  readonly classes: readonly ClassComparison[];
  readonly large: readonly LargeComparison[];
  /** Amounts in bytes. */
  readonly memory: { readonly usedMemory: Pair; readonly active: Pair; readonly allocated: Pair };
  readonly measures: Measures;
}

export const DEFAULT_THRESHOLDS: Measures = { slabs: 0.01, regions: 0.005, usedMemory: 0.005 };

export function compare(lab: Occupancy, server: Occupancy): Comparison {
  const classes = pairs(lab.classes, server.classes).map(([ours, theirs]): ClassComparison => {
    const { size, regs, pages } = (theirs ?? ours)!;
    return {
      size,
      regs,
      pages,
      regions: { lab: ours?.regions ?? 0, server: theirs?.regions ?? 0 },
      slabs: { lab: ours?.slabs ?? 0, server: theirs?.slabs ?? 0 },
    };
  });
  const usedMemory = { lab: lab.usedMemory, server: server.usedMemory };
  return {
    classes,
    large: pairs(lab.large, server.large).map(([ours, theirs]) => {
      const { size } = (theirs ?? ours)!;
      return { size, count: { lab: ours?.count ?? 0, server: theirs?.count ?? 0 } };
    }),
    memory: {
      usedMemory,
      active: { lab: lab.active, server: server.active },
      allocated: { lab: lab.allocated, server: server.allocated },
    },
    measures: {
      slabs: relativeDifference(classes.map(({ slabs }) => slabs)),
      regions: relativeDifference(classes.map(({ regions }) => regions)),
      usedMemory: relativeDifference([usedMemory]),
    },
  };
}

/** Returns the measures that exceed their thresholds. */
export function exceeded(measures: Measures, thresholds: Measures): (keyof Measures)[] {
  const names = ['slabs', 'regions', 'usedMemory'] as const;
  return names.filter((name) => measures[name] > thresholds[name]);
}

function relativeDifference(pairsOfFigures: readonly Pair[]): number {
  let difference = 0;
  let whole = 0;
  for (const { lab, server } of pairsOfFigures) {
    difference += Math.abs(lab - server);
    whole += Math.abs(server);
  }
  // If the server has nothing, any difference counts as 100%.
  return whole === 0 ? Math.min(1, difference) : difference / whole;
}
