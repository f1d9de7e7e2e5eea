/** What lies where on a map of the page, and its colours. */
import type { Page } from 'playwright-core';
import { type Ground, itemAt, type MapLayout, PARTS, pixelOf } from '#slablab/src/map/index.js';

/** An address, or `none` for what has none, and the colours that it has. */
export type Colours = Map<string, Set<number>>;

/** Of what lies at each address, in a file of cells. */
export function coloursByAddress(layout: MapLayout, cells: readonly number[]): Colours {
  const colours: Colours = new Map();
  const { granules, unused, firstUnused, info } = layout;
  cells.forEach((colour, cell) => {
    const item = itemAt(layout, cell);
    if (item === null) return;
    const page = item < firstUnused ? granules.page[item] : unused.page[item - firstUnused];
    const address = page === undefined ? 'none' : `0x${(page * info.pageSize).toString(16).padStart(8, '0')}`;
    colours.set(address, (colours.get(address) ?? new Set()).add(colour));
  });
  return colours;
}

/** As a reader finds it: points at the map here and there, and reads the tooltip and the pixel under the pointer. */
export async function coloursOnPage(page: Page, ground: Ground): Promise<Colours> {
  const seen = await page.evaluate(() => {
    const over = document.querySelector('canvas.over') as HTMLCanvasElement;
    const { width, height, data } = (() => {
      const canvas = document.querySelector('canvas.cells') as HTMLCanvasElement;
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      return context.getImageData(0, 0, canvas.width, canvas.height);
    })();
    const pixels = new Uint32Array(data.buffer);
    const { left, top } = over.getBoundingClientRect();
    const tip = document.querySelector('.tip') as HTMLElement;
    const STEP = 6;
    const found: [address: string, colour: number][] = [];
    for (let y = 1; y < height; y += STEP) {
      for (let x = 1; x < width; x += STEP) {
        over.dispatchEvent(
          new PointerEvent('pointermove', { clientX: left + x, clientY: top + y, bubbles: true }),
        );
        const address = tip.hidden ? '' : (tip.querySelector('code')?.textContent ?? '');
        found.push([address, pixels[y * width + x] as number]);
      }
    }
    return found;
  });
  const colours: Colours = new Map();
  for (const [shown, colour] of seen) {
    const [address] = shown.split(':');
    // Between slabs there is the ground, and in textures, too.
    if (colour === 0 || colour === pixelOf(PARTS[ground].ground)) continue;
    colours.set(address as string, (colours.get(address as string) ?? new Set()).add(colour));
  }
  return colours;
}

/**
 * Address space without memory is where a slab was, on the page, or nowhere; and its hatching has a line here and there.
 */
export function withoutRetained(colours: Colours, ground: Ground): Colours {
  const hatch = pixelOf(PARTS[ground].hatch);
  return new Map([...colours].filter(([, these]) => !these.has(hatch)));
}
