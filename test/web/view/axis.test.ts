import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../web/recordings.js';
import { counterpart, nearestFrame, timeAxis } from '../../../web/view/timeline/axis.js';

const frames = (...given: readonly (readonly [phase: string, position: number])[]) =>
  given.map(([phase, position]) => ({ phase, snapshot: { position } }) as Frame);

describe('time', () => {
  test('is operations, where each sweep lies at one of its own', () => {
    expect(timeAxis(frames(['a', 10], ['b', 30]))).toEqual({ unit: 'operations', at: [10, 30] });
  });

  test('is sweeps, where a run rested', () => {
    expect(timeAxis(frames(['a', 10], ['b', 10]))).toEqual({ unit: 'sweeps', at: [0, 1] });
  });

  test('the nearest sweep, the earlier one half way', () => {
    const axis = timeAxis(frames(['a', 0], ['b', 10], ['c', 100]));
    expect([-5, 4, 5, 6, 60, 1000].map((point) => nearestFrame(axis, point))).toEqual([0, 0, 0, 1, 2, 2]);
  });
});

describe('beside a moment of one run stands of another', () => {
  const run = frames(['sweep-1', 10], ['populated', 20], ['sweep-2', 30], ['deleted', 40]);

  test('the phase of the same name', () => {
    expect(counterpart(run, 1, frames(['populated', 500], ['deleted', 600]))).toBe(0);
    expect(counterpart(run, 3, frames(['deleted', 600], ['rested', 700]))).toBe(0);
  });

  test('the sweep of the same number, if there are as many', () => {
    const other = frames(['sweep-1', 1], ['populated', 2], ['sweep-2', 3], ['deleted', 90]);
    expect(counterpart(run, 2, other)).toBe(2);
  });

  test('else the one as far on its way', () => {
    expect(counterpart(run, 2, frames(['sweep-2', 20], ['x', 75], ['y', 100]))).toBe(1);
    expect(counterpart(run, 3, frames(['p', 1], ['q', 2]))).toBe(1);
  });
});
