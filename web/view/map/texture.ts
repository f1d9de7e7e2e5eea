/**
 * Textures of memory that no eyes should take for a colour: hatching where memory came back, dots on the allocator's
 * records. Pixels are marked by their opacity, so that drawing items stays a copy of pixels.
 */
import { EXTENT_STATES } from '../../../src/engine/index.js';
import { type Ground, type MapLayout, PARTS, pixelOf } from '../../../src/map/index.js';
import { mixed } from './filter.js';
import type { Placing } from './raster.js';

const RETAINED = EXTENT_STATES.indexOf('retained');

/** Marks in the opacity of a pixel, which are too small to be visible. */
const HATCHED = 0xfe;
const DOTTED = 0xfd;

/** Smallest cell in device pixels that is hatched; in smaller ones the lines would fall apart. */
const SMALLEST_HATCHED = 1.5;

/** Returns the colours with those of memory that came back and of records marked. Faded ones stay as they are. */
export function marked(
  shown: Uint32Array,
  plain: Uint32Array,
  { unused, firstUnused, metadata }: MapLayout,
  ground: Ground,
): Uint32Array<ArrayBuffer> {
  const out = Uint32Array.from(shown);
  const { hatch, ground: paper } = PARTS[ground];
  const tint = mixed(pixelOf(paper), pixelOf(hatch), TINT);
  for (let extent = 0; extent < unused.count; extent++) {
    const item = firstUnused + extent;
    if (unused.state[extent] === RETAINED && shown[item] === plain[item])
      out[item] = withOpacity(tint, HATCHED);
  }
  if (shown[metadata] === plain[metadata]) out[metadata] = withOpacity(out[metadata]!, DOTTED);
  return out;
}

/** The share of the hatching's colour that a flat tint has. */
const TINT = 0.2;
const HATCH_STEP = 6;
const DOT_STEP = 5;

/**
 * Draws the textures of marked pixels, which are opaque then; in small cells as a flat tint. The places of lines and dots
 * depend on those of the pixels only, so neighbours join.
 */
export function drawTextures(
  pixels: Uint32Array,
  { width, height, cell }: Pick<Placing, 'width' | 'height' | 'cell'>,
  ground: Ground,
): void {
  const isHatched = cell >= SMALLEST_HATCHED;
  const line = pixelOf(PARTS[ground].hatch);
  const paper = pixelOf(PARTS[ground].ground);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const opacity = pixels[row + x]! >>> 24;
      if (opacity === HATCHED && isHatched) pixels[row + x] = (x + y) % HATCH_STEP === 0 ? line : paper;
      else if (opacity === DOTTED && x % DOT_STEP === 2 && y % DOT_STEP === 2) pixels[row + x] = paper;
      else if (opacity === HATCHED || opacity === DOTTED)
        pixels[row + x] = withOpacity(pixels[row + x]!, 0xff);
    }
  }
}

function withOpacity(pixel: number, opacity: number): number {
  return ((pixel & 0xffffff) | (opacity << 24)) >>> 0;
}
