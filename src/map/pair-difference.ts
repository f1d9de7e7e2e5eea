/** Paints A minus B: the live share of each page of one run, less that of the same place in the other run. */

import { type Ground, pixelOf } from './colouring/legend.js';
import { between, PAIR, PARTS } from './colouring/palette.js';
import type { MapLayout } from './layout.js';

/** Steps of the scale from -1 to 1, its middle included. */
const STEPS = 41;
const MIDDLE = (STEPS - 1) / 2;

/** Returns the live share of each cell of a layout; NaN where nothing is. */
export function liveShares({ placed, starts, pages, columns, rows, granules }: MapLayout): Float32Array {
  const shares = new Float32Array(columns * rows).fill(Number.NaN);
  for (const item of placed) {
    const start = starts[item]!;
    shares.fill(shareOf(granules, item), start, start + pages[item]!);
  }
  return shares;
}

function shareOf({ count, live, parked, free }: MapLayout['granules'], item: number): number {
  if (item >= count) return 0;
  const regions = live[item]! + parked[item]! + free[item]!;
  return regions === 0 ? 0 : live[item]! / regions;
}

/** Paints the difference of two maps on one scale, a pixel for each cell. Cells that neither has stay transparent. */
export function paintPair(a: Float32Array, b: Float32Array, ground: Ground, out: Uint32Array): void {
  const colours = pairScale(ground).map(pixelOf);
  for (let cell = 0; cell < out.length; cell++) {
    const [ofA, ofB] = [a[cell] ?? Number.NaN, b[cell] ?? Number.NaN];
    if (Number.isNaN(ofA) && Number.isNaN(ofB)) continue;
    const difference = (Number.isNaN(ofA) ? 0 : ofA) - (Number.isNaN(ofB) ? 0 : ofB);
    out[cell] = colours[MIDDLE + Math.round(difference * MIDDLE)]!;
  }
}

/** Returns the colours of the scale, from what only B holds to what only A holds. */
export function pairScale(ground: Ground): string[] {
  const { line } = PARTS[ground];
  const [ofA, ofB] = PAIR[ground];
  return Array.from({ length: STEPS }, (_, step) => {
    const difference = (step - MIDDLE) / MIDDLE;
    return between(line, difference > 0 ? ofA : ofB, Math.abs(difference));
  });
}
