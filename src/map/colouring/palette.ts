/**
 * The colours of memory on maps, bars and charts: grey in use, orange pinned, blue coming back. The test
 * test/map/palette.test.ts checks that all eyes can tell them apart.
 */
import { lab } from 'd3-color';
import type { Ground, Swatch } from './legend.js';

/** Colours by the use of the memory, on each ground. web/style/tokens.css has the same. */
export const PARTS = {
  dark: {
    ground: '#131519',
    line: '#353a43',
    use: '#565c66',
    pin: '#ff8142',
    dirty: '#4c9bff',
    muzzy: '#b5daff',
    drain: '#2058ae',
    meta: '#99a0ab',
    hatch: '#6e747f',
  },
  light: {
    ground: '#faf9f6',
    line: '#dcd9d0',
    use: '#bbb6aa',
    pin: '#c2410c',
    dirty: '#1666c7',
    muzzy: '#7db8f2',
    drain: '#0a2f63',
    meta: '#716b5f',
    hatch: '#8f897c',
  },
} as const satisfies Readonly<Record<Ground, Readonly<Record<string, string>>>>;

export const GROUND_COLOURS: Readonly<Record<Ground, string>> = {
  dark: PARTS.dark.ground,
  light: PARTS.light.ground,
};

/** The colours of the first and the second of two runs, on each ground. */
export const PAIR: Readonly<Record<Ground, readonly [a: string, b: string]>> = {
  dark: ['#c58af0', '#3fbf8f'],
  light: ['#7a3b9e', '#1b7f5c'],
};

/** Returns the colour between two at a share from 0 to 1, as seen by eyes: evenly spaced in CIELAB. */
export function between(from: string, to: string, share: number): string {
  const [a, b] = [lab(from), lab(to)];
  const mix = (x: number, y: number) => x + (y - x) * share;
  return lab(mix(a.l, b.l), mix(a.a, b.a), mix(a.b, b.b)).formatHex();
}

/** Returns the colour of a slab with this share of live regions: from pinned to in use. */
export function liveColour(share: number, ground: Ground): string {
  const { use, pin } = PARTS[ground];
  return between(pin, use, share);
}

const OLD: Readonly<Record<Ground, string>> = { dark: '#c58af0', light: '#7a3b9e' };

/** Returns the colour of an age from 0 to 1. */
export function ageColour(age: number, ground: Ground): string {
  return between(PARTS[ground].use, OLD[ground], age);
}

/** Returns colours of categories, distinguishable from each other and from those of unused memory. */
export function categoryColours(ground: Ground): readonly string[] {
  return ground === 'dark'
    ? ['#d6f518', '#8a5b0c', '#b8f99e', '#8da26b', '#d9eeda', '#a1b81d', '#694bea']
    : ['#ce6e14', '#431801', '#1f17ae', '#8b6b9d', '#422f3c', '#824308', '#9b8654'];
}

/** The colour that the remaining categories share. */
export const OTHERS: Readonly<Record<Ground, string>> = { dark: '#7689bd', light: '#7e5cff' };

/** Returns the swatches of unused memory and metadata, which are the same in every mode. */
export function unusedSwatches(ground: Ground) {
  const { dirty, muzzy, hatch, meta } = PARTS[ground];
  return {
    dirty: { label: 'dirty: given back to the allocator, still resident', colour: dirty, glyph: 'd' },
    muzzy: { label: 'muzzy: the system may take it', colour: muzzy, glyph: 'm' },
    retained: { label: 'retained: came back, address space only', colour: hatch, glyph: '-' },
    metadata: { label: "metadata: the allocator's records", colour: meta, glyph: 'a' },
  } satisfies Readonly<Record<string, Swatch>>;
}
