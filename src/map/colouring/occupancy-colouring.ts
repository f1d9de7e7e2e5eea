import type { GranuleColumns } from '../../engine/index.js';
import type { Ground, Swatch } from './legend.js';
import { liveColour, PARTS } from './palette.js';

/** Steps of the scale: nothing live, ten tenths, everything live. */
const STEPS = 12;
const ALL = STEPS - 1;

/** Returns the swatches for the share of live regions. */
export function occupancySwatches(ground: Ground): Swatch[] {
  return Array.from({ length: STEPS }, (_, step) => ({
    label: labelOf(step),
    colour: step === 0 ? PARTS[ground].drain : liveColour(middleOf(step), ground),
    glyph: step === 0 ? '.' : step === ALL ? '#' : `${step - 1}`,
    value: middleOf(step),
  }));
}

/** Returns the index of a granule's swatch. */
export function occupancyOf({ live, parked, free }: GranuleColumns, granule: number): number {
  const alive = live[granule]!;
  return stepOfShare(alive / (alive + parked[granule]! + free[granule]!));
}

/** Returns the step of a share from 0 to 1. The first step is only for exactly 0, the last only for exactly 1. */
export function stepOfShare(share: number): number {
  if (share === 0) return 0;
  return share === 1 ? ALL : 1 + Math.min(9, Math.floor(share * 10));
}

/** Returns the share in the middle of a step. */
function middleOf(step: number): number {
  if (step === 0) return 0;
  return step === ALL ? 1 : (step - 0.5) / 10;
}

function labelOf(step: number): string {
  if (step === 0) return 'nothing live';
  if (step === ALL) return 'all live';
  return step === 1 ? 'less than 10% live' : `${(step - 1) * 10}% and more`;
}
