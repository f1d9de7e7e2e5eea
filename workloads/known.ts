/**
 * Published figures of an experiment, for a comparison with a run. A figure is a range that includes the tolerance of the
 * publication's way of measuring.
 */
import type { Snapshot } from '../src/engine/index.js';
/** A phase as it is measured: a run's phases are more than this. */
export type PhaseFigures = Pick<Snapshot, 'virtualMs' | 'memory' | 'drainprof' | 'bins' | 'large'> & {
  readonly name: string;
};

export type Unit = 'bytes' | 'count' | 'ratio' | 'share';

export interface KnownFigure {
  /** The figure and its time, for example "active/allocated after the deletes". */
  readonly figure: string;
  readonly unit: Unit;
  /** The result as it was published, in its own words. */
  readonly stated: string;
  /** Within these it is reproduced; either may be missing. */
  readonly min?: number;
  readonly max?: number;
  /** Undefined where a phase that it needs is not there. */
  readonly measure: (phase: PhaseByName) => number | undefined;
  /** The reason why the lab's figure differs, if that was checked. */
  readonly explanation?: string;
}

export type PhaseByName = (name: string) => PhaseFigures | undefined;

/** The published figure beside the lab's. */
export interface KnownComparison {
  readonly figure: string;
  readonly unit: Unit;
  readonly stated: string;
  readonly min: number | null;
  readonly max: number | null;
  /** Null if the run ended before it could be measured. */
  readonly lab: number | null;
  readonly isWithin: boolean;
  /** Only of a figure that is not within. */
  readonly explanation?: string;
}

export function compareWithKnown(
  known: readonly KnownFigure[],
  phases: readonly PhaseFigures[],
): KnownComparison[] {
  const byName = new Map(phases.map((phase) => [phase.name, phase]));
  return known.map(({ figure, unit, stated, min, max, measure, explanation }) => {
    const lab = measure((name) => byName.get(name)) ?? null;
    const isWithin =
      lab !== null && lab >= (min ?? Number.NEGATIVE_INFINITY) && lab <= (max ?? Number.POSITIVE_INFINITY);
    const compared = { figure, unit, stated, min: min ?? null, max: max ?? null, lab, isWithin };
    return isWithin || explanation === undefined ? compared : { ...compared, explanation };
  });
}

/** active / allocated at a phase: what Redis calls allocator_frag_ratio. */
export function fragmentationAt(phase: string): KnownFigure['measure'] {
  return (at) => at(phase)?.memory.fragmentationRatio;
}

/** Regions of all slabs over live ones, in bytes: the ratio without large extents, which come and go by themselves. */
export function slabRatio({ bins }: PhaseFigures, sizes?: readonly number[]): number {
  let slabs = 0;
  let live = 0;
  for (const bin of bins) {
    if (sizes !== undefined && !sizes.includes(bin.size)) continue;
    slabs += bin.curslabs * bin.regs * bin.size;
    live += bin.live * bin.size;
  }
  return live === 0 ? 0 : slabs / live;
}

/** A figure of one phase over the same figure of another. */
export function change(
  from: string,
  to: string,
  figure: (phase: PhaseFigures) => number,
): KnownFigure['measure'] {
  return (at) => {
    const before = at(from);
    const after = at(to);
    return before === undefined || after === undefined ? undefined : figure(after) / figure(before);
  };
}
