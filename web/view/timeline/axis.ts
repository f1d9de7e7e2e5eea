/** The time axis that the scrubber and all charts share. */
import type { Frame } from '../../recordings.js';

export interface TimeAxis {
  /** Unit of the axis: `operations` replayed, or `sweeps` if some lie at the same operation (a run that rested). */
  readonly unit: 'operations' | 'sweeps';
  /** Position of each frame, strictly ascending. */
  readonly at: readonly number[];
}

export function timeAxis(frames: readonly Pick<Frame, 'snapshot'>[]): TimeAxis {
  const positions = frames.map(({ snapshot }) => snapshot.position);
  const ascends = positions.every((position, i) => i === 0 || position > positions[i - 1]!);
  return ascends ? { unit: 'operations', at: positions } : { unit: 'sweeps', at: frames.map((_, i) => i) };
}

/** Returns the frame nearest to a point of the axis. */
export function nearestFrame({ at }: TimeAxis, point: number): number {
  let nearest = 0;
  for (let i = 1; i < at.length; i++) {
    if (Math.abs(at[i]! - point) < Math.abs(at[nearest]! - point)) nearest = i;
  }
  return nearest;
}

/**
 * Returns the corresponding frame of another run: that of the same name, else that at the same share of the run. Two
 * runs of one workload have the same phases, and can have different numbers of sweeps between them.
 */
export function counterpart(frames: readonly Frame[], index: number, others: readonly Frame[]): number {
  const name = frames[index]?.phase;
  const sameName = others.findIndex(({ phase }) => phase === name);
  const isSweep = /^(sweep|sample)-\d+$/.test(name ?? '');
  if (sameName >= 0 && (!isSweep || others.length === frames.length)) return sameName;
  const axis = timeAxis(frames);
  const otherAxis = timeAxis(others);
  const share = (axis.at[index] ?? 0) / Math.max(1, axis.at.at(-1) ?? 1);
  return nearestFrame(otherAxis, share * (otherAxis.at.at(-1) ?? 0));
}
