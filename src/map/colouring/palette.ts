/**
 * Colours, for a dark and a light ground. Each stands out from its ground (3:1 at least, as WCAG asks of graphics), and
 * those that meet on one map can be told apart by colour-blind eyes: test/map/palette.test.ts has the figures.
 */
import { color } from 'd3-color';
import { interpolateViridis } from 'd3-scale-chromatic';
import type { Ground, Swatch } from './legend.js';

export const GROUND_COLOURS: Readonly<Record<Ground, string>> = { dark: '#0e1218', light: '#ffffff' };

/** The part of viridis that stands out from the ground. More of something is always further from the ground. */
const SCALES: Readonly<Record<Ground, readonly [none: number, all: number]>> = {
  dark: [0.4, 1],
  light: [0.55, 0],
};

/** A sequential scale made for colour-blind eyes. */
export function scaleColour(value: number, ground: Ground): string {
  const [none, all] = SCALES[ground];
  return color(interpolateViridis(none + value * (all - none)))!.formatHex();
}

/** Categories beside one another and beside what is unused. */
export function categoryColours(ground: Ground): readonly string[] {
  return ground === 'dark'
    ? ['#f0e442', '#56b4e9', '#4c60e3', '#a8f1a6', '#72aa82', '#8359a5', '#b3e36c']
    : ['#1f77b4', '#6d1f11', '#3826a1', '#bd866c', '#9573fc', '#502a70', '#2b623d'];
}

/** The rest of the categories. */
export const OTHERS: Readonly<Record<Ground, string>> = { dark: '#eef0f3', light: '#111827' };

const UNUSED = {
  dark: { dirty: '#d1603d', muzzy: '#a1523a', retained: '#666e7b', metadata: '#aab3c0' },
  light: { dirty: '#c2410c', muzzy: '#d9622f', retained: '#858c97', metadata: '#4b5563' },
} as const;

/** What is not handed out has the same colours in every mode. */
export function unusedSwatches(ground: Ground) {
  const { dirty, muzzy, retained, metadata } = UNUSED[ground];
  return {
    dirty: { label: 'dirty: given back to the allocator, still resident', colour: dirty, glyph: 'd' },
    muzzy: { label: 'muzzy: the system may take it', colour: muzzy, glyph: 'm' },
    retained: { label: 'retained: address space only', colour: retained, glyph: '-' },
    metadata: { label: "metadata: the allocator's records", colour: metadata, glyph: 'a' },
  } satisfies Readonly<Record<string, Swatch>>;
}
