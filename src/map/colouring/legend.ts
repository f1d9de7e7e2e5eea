/** The legend of a map, as data that each output presents in its own way. */

export const GROUNDS = ['dark', 'light'] as const;
/** The background of a map. Colours are chosen to contrast with it. */
export type Ground = (typeof GROUNDS)[number];

export interface Swatch {
  readonly label: string;
  /** Colour as #rrggbb. */
  readonly colour: string;
  /** One character, for outputs without colours. */
  readonly glyph: string;
  /** Value on an ordered scale from 0 to 1; absent for a swatch that is not on a scale. */
  readonly value?: number;
}

export interface Legend {
  readonly title: string;
  /** Swatches with a value first, ascending. */
  readonly swatches: readonly Swatch[];
}

export interface Colouring {
  readonly ground: Ground;
  readonly legend: Legend;
  /** Index of each item's swatch in the legend. */
  readonly swatches: Uint8Array<ArrayBuffer>;
  /** Colour of each item as an opaque pixel for `paint`, with red in the lowest byte. */
  readonly colours: Uint32Array<ArrayBuffer>;
}

/** Returns a colouring with the colour of each item's swatch. */
export function coloured(ground: Ground, legend: Legend, swatches: Uint8Array<ArrayBuffer>): Colouring {
  const pixels = legend.swatches.map(({ colour }) => pixelOf(colour));
  const colours = new Uint32Array(swatches.length);
  for (let item = 0; item < colours.length; item++) colours[item] = pixels[swatches[item]!]!;
  return { ground, legend, swatches, colours };
}

/** Returns the canvas pixel of a colour in the form #rrggbb. */
export function pixelOf(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}
