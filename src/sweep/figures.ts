import type { RunResult } from '../run/index.js';
/** All bytes but `cohortDsr`. */
export interface Figures {
  /** The most that was resident at any moment of the run, and what is at its end. */
  readonly peakResident: number;
  readonly steadyResident: number;
  /** Drainability at the end; null where the run marks no cohort. */
  readonly cohortDsr: number | null;
  /** Bytes that were given back to the system, purged or unmapped: each costs a call, and page faults when wanted again. */
  readonly purgeWork: number;
}

export type Objective = keyof Figures;

/** In this order the best cell is sought, behind the objective that is asked for. */
export const OBJECTIVES: readonly Objective[] = ['steadyResident', 'peakResident', 'cohortDsr', 'purgeWork'];

/** Null where nothing was measured. */
export function figuresOf({ phases }: Pick<RunResult, 'phases'>): Figures | null {
  const last = phases.at(-1);
  if (last === undefined) return null;
  const { forcedPurgedBytes, lazyPurgedBytes, unmappedBytes } = last.system;
  return {
    peakResident: last.memory.peakResident,
    steadyResident: last.memory.resident,
    cohortDsr: last.drainprof.cohortDsr,
    purgeWork: forcedPurgedBytes + lazyPurgedBytes + unmappedBytes,
  };
}

/** The objectives that every one of them has a figure for: drainability needs a mark. */
export function commonObjectives(all: readonly Figures[]): Objective[] {
  return OBJECTIVES.filter((objective) => all.every((figures) => figures[objective] !== null));
}

/** The objectives as costs, all to be as small as can be. */
export function costsOf(figures: Figures, objectives: readonly Objective[]): number[] {
  return objectives.map((objective) => {
    const value = figures[objective] ?? 0;
    return objective === 'cohortDsr' ? -value : value;
  });
}

/** Indexes of the rows that no other row beats: as good in every column, and better in one. Equal rows all stay. */
export function paretoFront(costs: readonly (readonly number[])[]): number[] {
  // Whatever beats a row comes before it in lexicographic order, and so does a member of the front that beats it.
  const order = costs.map((_, index) => index).sort((a, b) => compareCosts(costs[a] ?? [], costs[b] ?? []));
  const front: number[] = [];
  for (const index of order) {
    const row = costs[index] ?? [];
    if (!front.some((member) => beats(costs[member] ?? [], row))) front.push(index);
  }
  return front.sort((a, b) => a - b);
}

/** Lexicographic. */
export function compareCosts(a: readonly number[], b: readonly number[]): number {
  const column = a.findIndex((cost, index) => cost !== b[index]);
  return column < 0 ? 0 : a[column]! - b[column]!;
}

function beats(a: readonly number[], b: readonly number[]): boolean {
  return a.every((cost, index) => cost <= b[index]!) && compareCosts(a, b) !== 0;
}
