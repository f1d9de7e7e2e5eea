/** The figures by which cells of a sweep are compared, and their Pareto front. */
import type { RunResult } from '../run/index.js';

/** Figures of a cell, in bytes except `cohortDsr`. */
export interface Figures {
  /** Maximum of resident memory during the run. */
  readonly peakResident: number;
  /** Resident memory at the end of the run. */
  readonly steadyResident: number;
  /** Cohort DSR at the end; null if the run marks no cohort. */
  readonly cohortDsr: number | null;
  /** Bytes purged or unmapped. They cost system calls, and page faults when they are used again. */
  readonly purgeWork: number;
  /** Memory that the server counts as used, at the end of the run. Absent in cells of earlier versions. */
  readonly usedMemory?: number;
}

export type Objective = keyof Figures;

/** The objectives that decide the best cell, in this order, after the requested objective. */
export const OBJECTIVES: readonly Objective[] = ['steadyResident', 'peakResident', 'cohortDsr', 'purgeWork'];

/** The figures that can be asked to decide first. */
export const BEST_BY: readonly Objective[] = [...OBJECTIVES, 'usedMemory'];

/** Returns the figures of a run; null if it has no phases. */
export function figuresOf({ phases }: Pick<RunResult, 'phases'>): Figures | null {
  const last = phases.at(-1);
  if (last === undefined) return null;
  const { forcedPurgedBytes, lazyPurgedBytes, unmappedBytes } = last.system;
  return {
    peakResident: last.memory.peakResident,
    steadyResident: last.memory.resident,
    cohortDsr: last.drainprof.cohortDsr,
    purgeWork: forcedPurgedBytes + lazyPurgedBytes + unmappedBytes,
    usedMemory: last.memory.usedMemory,
  };
}

/** Returns the objectives that all cells have figures for; cohort DSR needs a mark. */
export function commonObjectives(all: readonly Figures[]): Objective[] {
  return OBJECTIVES.filter((objective) => all.every((figures) => figures[objective] !== null));
}

/** Returns the objectives as costs, for which lower is better. */
export function costsOf(figures: Figures, objectives: readonly Objective[]): number[] {
  return objectives.map((objective) => {
    const value = figures[objective] ?? 0;
    return objective === 'cohortDsr' ? -value : value;
  });
}

/** Returns the indices of the rows that no other row dominates (no worse everywhere, and better once). Equal rows stay. */
export function paretoFront(costs: readonly (readonly number[])[]): number[] {
  // A row that dominates another precedes it in lexicographic order, so one pass over the front is enough.
  const order = costs.map((_, index) => index).sort((a, b) => compareCosts(costs[a] ?? [], costs[b] ?? []));
  const front: number[] = [];
  for (const index of order) {
    const row = costs[index] ?? [];
    if (!front.some((member) => beats(costs[member] ?? [], row))) front.push(index);
  }
  return front.sort((a, b) => a - b);
}

/** Returns the indices of the figures that no others beat in any of the objectives that all have. */
export function frontOf(all: readonly Figures[]): number[] {
  const objectives = commonObjectives(all);
  return paretoFront(all.map((figures) => costsOf(figures, objectives)));
}

/** Compares two rows lexicographically. */
export function compareCosts(a: readonly number[], b: readonly number[]): number {
  const column = a.findIndex((cost, index) => cost !== b[index]);
  return column < 0 ? 0 : a[column]! - b[column]!;
}

function beats(a: readonly number[], b: readonly number[]): boolean {
  return a.every((cost, index) => cost <= b[index]!) && compareCosts(a, b) !== 0;
}
