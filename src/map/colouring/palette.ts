/**
 * Colours, for a dark and a light ground. Each stands out from its ground (3:1 at least, as WCAG asks of graphics), and
 * those that meet on one map can be told apart by colour-blind eyes: test/map/palette.test.ts has the figures.
 */
import { color, interpolateViridis } from 'd3';
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
  return color(interpolateViridis(none + value * (all - none)))?.formatHex() as string;
}

/** What is not handed out has the same colours in every mode. */
export function unusedSwatches(
  ground: Ground,
): Readonly<Record<'dirty' | 'muzzy' | 'retained' | 'metadata', Swatch>> {
  const [dirty, muzzy, retained, metadata] =
    ground === 'dark'
      ? ['#d1603d', '#c98bb9', '#5f6774', '#aab3c0']
      : ['#c2410c', '#a3458a', '#8a919c', '#4b5563'];
  return {
    dirty: { label: 'dirty: given back to the allocator, still resident', colour: dirty!, glyph: 'd' },
    muzzy: { label: 'muzzy: the system may take it', colour: muzzy!, glyph: 'm' },
    retained: { label: 'retained: address space only', colour: retained!, glyph: '-' },
    metadata: { label: "metadata: the allocator's records", colour: metadata!, glyph: 'a' },
  };
}
