/** The comparison of the lab with the server. */
import { KIB } from '../base/index.js';
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

/** The same differences in numbers of slabs and regions, and in bytes. */
export interface Amounts {
  readonly slabs: number;
  readonly regions: number;
  readonly usedMemory: number;
}

export interface Comparison {
  readonly classes: readonly ClassComparison[];
  readonly large: readonly LargeComparison[];
  /** Amounts in bytes. */
  readonly memory: { readonly usedMemory: Pair; readonly active: Pair; readonly allocated: Pair };
  readonly measures: Measures;
  readonly amounts: Amounts;
}

export const DEFAULT_THRESHOLDS: Measures = { slabs: 0.01, regions: 0.005, usedMemory: 0.005 };

/**
 * The least amounts by which a measure must differ to count. Two runs of one server on the same small traffic differ by up
 * to 3 slabs, 164 regions and 4.1 KiB. The cause are tcaches, which move regions in batches of up to 100.
 */
export const LEAST_AMOUNTS: Amounts = { slabs: 4, regions: 200, usedMemory: 5 * KIB };

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
    ...differences({
      slabs: classes.map(({ slabs }) => slabs),
      regions: classes.map(({ regions }) => regions),
      usedMemory: [usedMemory],
    }),
  };
}

/** Returns the measures that exceed their thresholds. */
export function exceeded(measures: Measures, thresholds: Measures): (keyof Measures)[] {
  const names = ['slabs', 'regions', 'usedMemory'] as const;
  return names.filter((name) => measures[name] > thresholds[name]);
}

/** Returns the measures that exceed both their thresholds and their least amounts. */
export function tooFar(
  { measures, amounts }: Pick<Comparison, 'measures' | 'amounts'>,
  thresholds: Measures,
  least: Amounts = LEAST_AMOUNTS,
): (keyof Measures)[] {
  return exceeded(measures, thresholds).filter((name) => amounts[name] > least[name]);
}

function differences(
  figures: Readonly<Record<keyof Measures, readonly Pair[]>>,
): Pick<Comparison, 'measures' | 'amounts'> {
  const { slabs, regions, usedMemory } = figures;
  return {
    measures: {
      slabs: relativeDifference(slabs),
      regions: relativeDifference(regions),
      usedMemory: relativeDifference(usedMemory),
    },
    amounts: {
      slabs: difference(slabs),
      regions: difference(regions),
      usedMemory: difference(usedMemory),
    },
  };
}

function difference(pairsOfFigures: readonly Pair[]): number {
  return pairsOfFigures.reduce((sum, { lab, server }) => sum + Math.abs(lab - server), 0);
}

function relativeDifference(pairsOfFigures: readonly Pair[]): number {
  const apart = difference(pairsOfFigures);
  const whole = pairsOfFigures.reduce((sum, { server }) => sum + Math.abs(server), 0);
  // If the server has nothing, any difference counts as 100%.
  return whole === 0 ? Math.min(1, apart) : apart / whole;
}
