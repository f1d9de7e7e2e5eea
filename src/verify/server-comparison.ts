/** The lab beside the server, and how far apart they are. */
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

/** Shares: 0.01 is one percent. */
export interface Measures {
  /** Sum over classes of |slabs - slabs'|, of all the server's slabs. */
  readonly slabs: number;
  /** The same for regions of slabs. */
  readonly regions: number;
  /** |used_memory - used_memory'|, of the server's. */
  readonly usedMemory: number;
}

export interface Comparison {
  readonly classes: readonly ClassComparison[];
  readonly large: readonly LargeComparison[];
  /** Bytes. */
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
      slabs: apart(classes.map(({ slabs }) => slabs)),
      regions: apart(classes.map(({ regions }) => regions)),
      usedMemory: apart([usedMemory]),
    },
  };
}

/** The measures that are above their thresholds. */
export function exceeded(measures: Measures, thresholds: Measures): (keyof Measures)[] {
  const names = ['slabs', 'regions', 'usedMemory'] as const;
  return names.filter((name) => measures[name] > thresholds[name]);
}

function apart(pairsOfFigures: readonly Pair[]): number {
  let difference = 0;
  let whole = 0;
  for (const { lab, server } of pairsOfFigures) {
    difference += Math.abs(lab - server);
    whole += Math.abs(server);
  }
  // Where the server has nothing, anything of ours is all wrong.
  return whole === 0 ? Math.min(1, difference) : difference / whole;
}
