import { rgb } from 'd3-color';
import { cellsOf, EMPTY, GROUND_COLOURS, type MapLayout } from '../map/index.js';
import { amountText, legendOf, type MapPicture } from './map-picture.js';

/** A PNG is to be at least about so wide: smaller maps are drawn larger, in whole pixels. */
const USUAL_WIDTH = 1024;
const LARGEST_SCALE = 8;
const GAP_PAGES = 8;

/**
 * Maps as PNG, side by side: `scale` x `scale` pixels a page, in the colours of the legend. There are no letters in it;
 * what they would say is in its text chunks.
 */
export async function mapPng(picture: MapPicture): Promise<Uint8Array> {
  // Half of what a report would load otherwise, for the one that is a file of this kind.
  const { encode } = await import('fast-png');
  const { panels, title, subtitle } = picture;
  const pagesWide = panels.reduce((sum, { layout }) => sum + layout.columns + GAP_PAGES, -GAP_PAGES);
  const rows = Math.max(1, ...panels.map(({ layout }) => layout.rows));
  const scale = pngScale(pagesWide);
  const width = pagesWide * scale;
  const data = new Uint8Array(width * rows * scale);
  let left = 0;
  for (const { layout, colouring } of panels) {
    fill(data, width, left * scale, scale, layout, cellsOf(layout, colouring).swatches);
    left += layout.columns + GAP_PAGES;
  }
  const { ground = 'dark', legend } = panels[0]?.colouring ?? {};
  const colours = [GROUND_COLOURS[ground], ...(legend?.swatches ?? []).map(({ colour }) => colour)];
  return encode(
    {
      width,
      height: rows * scale,
      data,
      channels: 1,
      palette: colours.map((colour) => {
        const { r, g, b } = rgb(colour);
        return [r, g, b];
      }),
      text: { Title: latin1(title), Description: latin1(described(picture, subtitle)) },
    },
    { zlib: { level: 9 } },
  );
}

export function pngScale(pagesWide: number): number {
  return Math.min(LARGEST_SCALE, Math.max(1, Math.ceil(USUAL_WIDTH / pagesWide)));
}

/** Pixels are places in the palette: 0 is the ground, and the legend's swatches follow. */
function fill(
  data: Uint8Array,
  width: number,
  left: number,
  scale: number,
  { columns, rows }: MapLayout,
  swatches: Uint8Array,
): void {
  for (let row = 0; row < rows; row++) {
    const first = row * scale * width + left;
    for (let column = 0; column < columns; column++) {
      const swatch = swatches[row * columns + column] as number;
      if (swatch !== EMPTY) data.fill(swatch + 1, first + column * scale, first + (column + 1) * scale);
    }
    const line = data.slice(first, first + columns * scale);
    for (let below = 1; below < scale; below++) data.set(line, first + below * width);
  }
}

function described(picture: MapPicture, subtitle: string): string {
  return [
    subtitle,
    ...picture.panels.flatMap(({ heading, notes }) => [heading, ...notes]),
    ...legendOf(picture).map(({ swatch, bytes }) => `${swatch.colour} ${swatch.label}, ${amountText(bytes)}`),
  ].join('\n');
}

/** What a text chunk can hold. */
function latin1(text: string): string {
  return text.replaceAll('→', 'then').replace(/[^\n\u0020-\u00ff]/g, '?');
}
