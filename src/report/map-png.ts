import { rgb } from 'd3-color';
import { EMPTY } from '../map/index.js';
import { type Cells, compose, type Mark, type Measures, type Words } from './map-composition.js';
import { amountText, legendOf, type MapPicture } from './map-picture.js';
import { LETTER_WIDTH, pixelsOfText } from './pixel-font.js';

/** All maps together are to be at least about so wide: smaller ones are drawn larger, in whole pixels. */
const USUAL_WIDTH = 1024;
const LARGEST_SCALE = 8;

/** Maps as PNG, with the words and the legend of the SVG: `scale` x `scale` pixels a page, the same bytes everywhere. */
export async function mapPng(picture: MapPicture): Promise<Uint8Array> {
  // Half of what a report would load otherwise, for the one that is a file of this kind.
  const { encode } = await import('fast-png');
  const { width, height, ground, marks } = compose(picture, pngMeasures(picture));
  const canvas = new PaletteCanvas(width, Math.ceil(height), ground);
  for (const mark of marks) draw(canvas, mark);
  return encode(
    {
      width: canvas.width,
      height: canvas.height,
      data: canvas.data,
      channels: 1,
      palette: canvas.colours.map((colour) => {
        const { r, g, b } = rgb(colour);
        return [r, g, b];
      }),
      text: { Title: latin1(picture.title), Description: latin1(described(picture)) },
    },
    { zlib: { level: 9 } },
  );
}

export function pngMeasures({ panels }: MapPicture): Measures {
  const columns = Math.max(1, ...panels.map(({ layout }) => layout.columns));
  const fitting = Math.ceil(USUAL_WIDTH / (columns * Math.max(1, panels.length)));
  return { panelWidth: columns * Math.min(LARGEST_SCALE, Math.max(1, fitting)), letterWidth: LETTER_WIDTH };
}

/** Pixels are places in a palette, of which the ground is the first. */
class PaletteCanvas {
  readonly data: Uint8Array;
  readonly colours: string[];

  constructor(
    readonly width: number,
    readonly height: number,
    ground: string,
  ) {
    this.data = new Uint8Array(width * height);
    this.colours = [ground];
  }

  place(colour: string): number {
    const known = this.colours.indexOf(colour);
    return known >= 0 ? known : this.colours.push(colour) - 1;
  }

  /** What is beyond the edges is left out. */
  fill(left: number, top: number, width: number, height: number, place: number): void {
    const from = Math.max(0, left);
    const to = Math.min(this.width, left + width);
    if (from >= to) return;
    for (let y = Math.max(0, top); y < Math.min(this.height, top + height); y++) {
      this.data.fill(place, y * this.width + from, y * this.width + to);
    }
  }
}

function draw(canvas: PaletteCanvas, mark: Mark): void {
  switch (mark.kind) {
    case 'words':
      drawWords(canvas, mark);
      break;
    case 'box':
      fillBetween(canvas, mark.x, mark.y, mark, canvas.place(mark.colour));
      break;
    case 'boxes': {
      const place = canvas.place(mark.colour);
      for (const [x, y] of mark.places) fillBetween(canvas, x, y, mark, place);
      break;
    }
    case 'cells':
      drawCells(canvas, mark);
      break;
  }
}

/** Neighbours share an edge, wherever it comes to lie; and nothing is too small to be seen. */
function fillBetween(
  canvas: PaletteCanvas,
  x: number,
  y: number,
  { width, height }: { readonly width: number; readonly height: number },
  place: number,
): void {
  const [left, top] = [Math.round(x), Math.round(y)];
  const right = Math.max(left + 1, Math.round(x + width));
  const bottom = Math.max(top + 1, Math.round(y + height));
  canvas.fill(left, top, right - left, bottom - top, place);
}

function drawWords(canvas: PaletteCanvas, { x, y, text, colour, role, endsThere }: Words): void {
  const place = canvas.place(colour);
  const left = Math.round(x) - (endsThere ? text.length * LETTER_WIDTH : 0);
  const scale = role === 'title' ? 2 : 1;
  // Twice, a pixel apart, is bold.
  const width = role === 'heading' ? 2 : scale;
  for (const [across, down] of pixelsOfText(text)) {
    canvas.fill(left + across * scale, Math.round(y) + down * scale, width, scale, place);
  }
}

function drawCells(canvas: PaletteCanvas, { x, y, size, columns, band, cells, swatches }: Cells): void {
  const places = swatches.map(({ colour }) => canvas.place(colour));
  for (let row = 0; row < band.rows; row++) {
    const first = (band.firstRow + row) * columns;
    for (let column = 0; column < columns; column++) {
      const swatch = cells[first + column]!;
      if (swatch === EMPTY) continue;
      canvas.fill(x + column * size, y + row * size, size, size, places[swatch]!);
    }
  }
}

function described(picture: MapPicture): string {
  return [
    picture.subtitle,
    ...picture.panels.flatMap(({ heading, notes }) => [heading, ...notes]),
    ...legendOf(picture).map(({ swatch, bytes }) => `${swatch.colour} ${swatch.label}, ${amountText(bytes)}`),
  ].join('\n');
}

/** What a text chunk can hold. */
function latin1(text: string): string {
  return text.replaceAll('→', 'then').replace(/[^\n\u0020-\u00ff]/g, '?');
}
