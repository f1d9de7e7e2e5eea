import { rgb } from 'd3-color';
import { EMPTY } from '../map/index.js';
import {
  type Cells,
  type Composition,
  compose,
  type Dot,
  type Line,
  type Mark,
  type Measures,
  type Small,
  type Text,
} from './map-composition.js';
import { amountText, legendEntries, type MapPicture } from './map-picture.js';
import { LETTER_WIDTH, pixelsOfText } from './pixel-font.js';

/** The approximate width of all maps, to which small maps are enlarged in whole pixels. */
const TOTAL_WIDTH = 1024;
const MAX_SCALE = 8;

/** Returns maps as PNG, with the text and the legend of the SVG. Every machine produces the same bytes. */
export function mapPng(picture: MapPicture): Promise<Uint8Array> {
  return pngOf(compose(picture, pngMeasures(picture)), picture.title, described(picture));
}

/** Returns a composition as PNG, with its title and a description in its texts. */
export async function pngOf(composition: Composition, title: string, about: string): Promise<Uint8Array> {
  // The encoder is half of what a report would load, so it is loaded only here.
  const { encode } = await import('fast-png');
  const { width, height, ground, marks } = composition;
  const canvas = new PaletteCanvas(Math.ceil(width), Math.ceil(height), ground);
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
      text: { Title: latin1(title), Description: latin1(about) },
    },
    { zlib: { level: 9 } },
  );
}

export function pngMeasures({ panels }: MapPicture): Measures {
  const columns = Math.max(1, ...panels.map(({ layout }) => layout.columns));
  const fitting = Math.ceil(TOTAL_WIDTH / (columns * Math.max(1, panels.length)));
  return { panelWidth: columns * Math.min(MAX_SCALE, Math.max(1, fitting)), letterWidth: LETTER_WIDTH };
}

/** An image whose pixels are indices of a palette; index 0 is the background. */
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

  /** Fills a rectangle, clipped to the image. */
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
    case 'text':
      drawText(canvas, mark);
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
    case 'line':
      drawLine(canvas, mark);
      break;
    case 'dot':
      drawDot(canvas, mark);
      break;
    case 'thumbnail':
      drawThumbnail(canvas, mark);
      break;
  }
}

/** Fills a rectangle with rounded edges, so that neighbours share an edge. Its width and height are at least 1. */
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

function drawText(canvas: PaletteCanvas, { x, y, text, colour, role, isRightAligned }: Text): void {
  const place = canvas.place(colour);
  // The font has Latin-1 only.
  const shown = text.replaceAll('−', '-');
  const left = Math.round(x) - (isRightAligned ? text.length * LETTER_WIDTH : 0);
  const scale = role === 'title' ? 2 : 1;
  // Two copies, one pixel apart, look bold.
  const width = role === 'heading' ? 2 : scale;
  for (const [across, down] of pixelsOfText(shown)) {
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

/** Draws a line as squares of its width, so close that they join. */
function drawLine(canvas: PaletteCanvas, { points, colour, width }: Line): void {
  const place = canvas.place(colour);
  const wide = Math.max(1, Math.round(width));
  points.slice(1).forEach(([toX, toY], index) => {
    const [x, y] = points[index]!;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(toX - x), Math.abs(toY - y))));
    for (let step = 0; step <= steps; step++) {
      const [across, down] = [x + ((toX - x) * step) / steps, y + ((toY - y) * step) / steps];
      canvas.fill(Math.round(across - wide / 2), Math.round(down - wide / 2), wide, wide, place);
    }
  });
}

function drawDot(canvas: PaletteCanvas, { x, y, radius, colour, isHollow = false }: Dot): void {
  const place = canvas.place(colour);
  for (let down = -radius; down <= radius; down++) {
    for (let across = -radius; across <= radius; across++) {
      const distance = Math.hypot(across, down);
      if (distance > radius + 0.3 || (isHollow && distance < radius - 1.2)) continue;
      canvas.fill(Math.round(x + across), Math.round(y + down), 1, 1, place);
    }
  }
}

function drawThumbnail(canvas: PaletteCanvas, { x, y, size, cells, swatches, hatched }: Small): void {
  const places = swatches.map(({ colour }) => canvas.place(colour));
  for (let row = 0; row < cells.rows; row++) {
    for (let column = 0; column < cells.columns; column++) {
      const swatch = cells.swatches[row * cells.columns + column]!;
      if (swatch === EMPTY) continue;
      const at = [x + column * size, y + row * size] as const;
      if (swatch === hatched) hatch(canvas, ...at, size, places[swatch]!);
      else fillBetween(canvas, ...at, { width: size, height: size }, places[swatch]!);
    }
  }
}

const HATCH_STEP = 5;

/** Draws the lines of a hatched cell. Their places depend on those of the pixels only, so neighbours join. */
function hatch(canvas: PaletteCanvas, x: number, y: number, size: number, place: number): void {
  for (let down = Math.round(y); down < Math.round(y + size); down++) {
    for (let across = Math.round(x); across < Math.round(x + size); across++) {
      if ((across + down) % HATCH_STEP === 0) canvas.fill(across, down, 1, 1, place);
    }
  }
}

function described(picture: MapPicture): string {
  return [
    picture.subtitle,
    ...picture.panels.flatMap(({ heading, notes }) => [heading, ...notes]),
    ...legendEntries(picture).map(
      ({ swatch, bytes }) => `${swatch.colour} ${swatch.label}, ${amountText(bytes)}`,
    ),
  ].join('\n');
}

/** Returns a text in Latin-1, which is the encoding of a text chunk. */
function latin1(text: string): string {
  return text
    .replaceAll('→', 'then')
    .replaceAll('−', '-')
    .replace(/[^\n\u0020-\u00ff]/g, '?');
}
