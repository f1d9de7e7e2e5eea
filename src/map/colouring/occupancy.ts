import type { GranuleColumns } from '../../engine/index.js';
import type { Ground, Swatch } from './legend.js';
import { scaleColour } from './palette.js';

/** Nothing live, so many tenths, everything live. */
const STEPS = 12;
const ALL = STEPS - 1;

/** By the share of regions that are live. */
export function occupancySwatches(ground: Ground): Swatch[] {
  return Array.from({ length: STEPS }, (_, step) => ({
    label: labelOf(step),
    colour: scaleColour(step / ALL, ground),
    glyph: step === 0 ? '.' : step === ALL ? '#' : `${step - 1}`,
    value: middleOf(step),
  }));
}

export function occupancyOf({ live, parked, free }: GranuleColumns, granule: number): number {
  const alive = live[granule]!;
  return stepOfShare(alive / (alive + parked[granule]! + free[granule]!));
}

/** The swatch of a share of 0 to 1: the first and the last are claims, and only for none and for all. */
function stepOfShare(share: number): number {
  if (share === 0) return 0;
  return share === 1 ? ALL : 1 + Math.min(9, Math.floor(share * 10));
}

// The middle of its tenth.
function middleOf(step: number): number {
  if (step === 0) return 0;
  return step === ALL ? 1 : (step - 0.5) / 10;
}

function labelOf(step: number): string {
  if (step === 0) return 'nothing live';
  if (step === ALL) return 'all live';
  return step === 1 ? 'less than 10% live' : `${(step - 1) * 10}% and more`;
}
