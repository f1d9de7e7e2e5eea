/**
 * The colours of maps on a dark and on a light background. Each has a contrast of at least 3:1 with its background, as
 * WCAG requires of graphics. Colours of one map are distinguishable for colour-blind people. test/map/palette.test.ts
 * checks both.
 */
import { color } from 'd3-color';
import { interpolateViridis } from 'd3-scale-chromatic';
import type { Ground, Swatch } from './legend.js';

export const GROUND_COLOURS: Readonly<Record<Ground, string>> = { dark: '#0e1218', light: '#ffffff' };

/** The part of viridis with enough contrast. Higher values always contrast more with the background. */
const SCALES: Readonly<Record<Ground, readonly [none: number, all: number]>> = {
  dark: [0.4, 1],
  light: [0.55, 0],
};

/** Returns the colour of a value from 0 to 1 on a sequential scale that suits colour-blind people. */
export function scaleColour(value: number, ground: Ground): string {
  const [none, all] = SCALES[ground];
  return color(interpolateViridis(none + value * (all - none)))!.formatHex();
}

/** Returns colours of categories, distinguishable from each other and from those of unused memory. */
export function categoryColours(ground: Ground): readonly string[] {
  return ground === 'dark'
    ? ['#f0e442', '#56b4e9', '#4c60e3', '#a8f1a6', '#72aa82', '#8359a5', '#b3e36c']
    : ['#1f77b4', '#6d1f11', '#3826a1', '#bd866c', '#9573fc', '#502a70', '#2b623d'];
}

/** The colour that the remaining categories share. */
export const OTHERS: Readonly<Record<Ground, string>> = { dark: '#eef0f3', light: '#111827' };

const UNUSED = {
  dark: { dirty: '#d1603d', muzzy: '#a1523a', retained: '#666e7b', metadata: '#aab3c0' },
  light: { dirty: '#c2410c', muzzy: '#d9622f', retained: '#858c97', metadata: '#4b5563' },
} as const;

/** Returns the swatches of unused memory and metadata, which are the same in every mode. */
export function unusedSwatches(ground: Ground) {
  const { dirty, muzzy, retained, metadata } = UNUSED[ground];
  return {
    dirty: { label: 'dirty: given back to the allocator, still resident', colour: dirty, glyph: 'd' },
    muzzy: { label: 'muzzy: the system may take it', colour: muzzy, glyph: 'm' },
    retained: { label: 'retained: address space only', colour: retained, glyph: '-' },
    metadata: { label: "metadata: the allocator's records", colour: metadata, glyph: 'a' },
  } satisfies Readonly<Record<string, Swatch>>;
}
