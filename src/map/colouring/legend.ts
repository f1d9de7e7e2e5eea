/** What the colours of a map mean: data that every output shows in its own way. */

export const GROUNDS = ['dark', 'light'] as const;
/** What a map is drawn on. Colours are chosen to stand out from it. */
export type Ground = (typeof GROUNDS)[number];

export interface Swatch {
  readonly label: string;
  /** #rrggbb */
  readonly colour: string;
  /** One character, for where there are no colours. */
  readonly glyph: string;
  /** Place on an ordered scale, 0 to 1; absent for what is on none. */
  readonly value?: number;
}

export interface Legend {
  readonly title: string;
  /** Those with a value first, ascending. */
  readonly swatches: readonly Swatch[];
}

export interface Colouring {
  readonly ground: Ground;
  readonly legend: Legend;
  /** For each item its place in the legend's swatches, */
  readonly swatches: Uint8Array<ArrayBuffer>;
  /** and its colour as `paint` takes it: red in the lowest byte, opaque. */
  readonly colours: Uint32Array<ArrayBuffer>;
}

/** The colours of items that are in the legend's swatches. */
export function coloured(ground: Ground, legend: Legend, swatches: Uint8Array<ArrayBuffer>): Colouring {
  const pixels = legend.swatches.map(({ colour }) => pixelOf(colour));
  const colours = new Uint32Array(swatches.length);
  for (let item = 0; item < colours.length; item++) colours[item] = pixels[swatches[item]!]!;
  return { ground, legend, swatches, colours };
}

/** '#rrggbb' as a pixel of a canvas. */
export function pixelOf(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}
