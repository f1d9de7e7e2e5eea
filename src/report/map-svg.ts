/** Maps as SVG: shapes of one colour for runs of it, so that a map of tens of thousands of slabs stays a small file. */
import {
  type Band,
  cellsOf,
  EMPTY,
  GROUND_COLOURS,
  type Ground,
  type MapLayout,
  type Swatch,
} from '../map/index.js';
import type { CloseUp } from './close-up.js';
import { bandName, rowNames } from './map-names.js';
import { amountText, legendOf, type MapPanel, type MapPicture } from './map-picture.js';
import { wrap } from './wrap.js';

const PANEL_WIDTH = 560;
const MARGIN = 24;
/** For the names of bands. */
const GUTTER = 64;
const LINE = 18;
/** Close up. */
const PAGES_A_ROW = 14;
const CLOSE_UP_GAP = 4;
const BAND_GAP = 6;
/** A band of one row can still be named. */
const LEAST_BAND = 12;
/** About so wide is a letter of 13 pixels. */
const LETTER = 6.9;

const INK: Readonly<Record<Ground, { text: string; faint: string }>> = {
  dark: { text: '#e6e9ee', faint: '#a3acb9' },
  light: { text: '#161b22', faint: '#525c69' },
};

export function mapSvg(picture: MapPicture): string {
  const { title, subtitle, panels } = picture;
  const ground = panels[0]?.colouring.ground ?? 'dark';
  const ink = INK[ground];
  const width = MARGIN + Math.max(1, panels.length) * (GUTTER + PANEL_WIDTH + MARGIN);
  const about = wrap(subtitle, Math.floor((width - 2 * MARGIN) / LETTER));
  const top = MARGIN + LINE * (2 + about.length);
  const drawn = panels.map((panel, index) =>
    drawPanel(panel, MARGIN + index * (GUTTER + PANEL_WIDTH + MARGIN), top, ink),
  );
  const below = Math.max(top, ...drawn.map(({ bottom }) => bottom)) + LINE;
  const legend = drawLegend(picture, below, width, ink);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${legend.bottom}" width="${width}" height="${legend.bottom}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description(picture))}</desc>`,
    `<rect width="100%" height="100%" fill="${GROUND_COLOURS[ground]}"/>`,
    text(MARGIN, MARGIN + 12, title, ink.text, 'font-size="18" font-weight="600"'),
    ...about.map((line, index) => text(MARGIN, MARGIN + 12 + LINE * (1 + index), line, ink.faint)),
    ...drawn.flatMap(({ lines }) => lines),
    ...legend.lines,
    '</svg>',
  ].join('\n')}\n`;
}

interface Drawn {
  readonly lines: readonly string[];
  readonly bottom: number;
}

type Ink = (typeof INK)[Ground];

function drawPanel(
  { heading, notes, layout, colouring, closeUp }: MapPanel,
  left: number,
  top: number,
  ink: Ink,
): Drawn {
  const cells = cellsOf(layout, colouring);
  const size = PANEL_WIDTH / layout.columns;
  const names = rowNames(layout);
  const lines = [text(left + GUTTER, top + 4, heading, ink.text, 'font-weight="600" font-size="14"')];
  let y = top + LINE;
  for (const band of layout.bands) {
    lines.push(
      ...bandLabels(band, layout, names, size).map(({ name, down }) =>
        text(left + GUTTER - 8, y + down + 10, name, ink.faint, 'text-anchor="end" font-size="11"'),
      ),
      `<g transform="translate(${left + GUTTER} ${rounded(y)}) scale(${rounded(size)})" data-row="${band.firstRow}" shape-rendering="crispEdges">`,
      ...bandPaths(cells.swatches, cells.columns, band, colouring.legend.swatches),
      '</g>',
    );
    y += Math.max(LEAST_BAND, band.rows * size) + BAND_GAP;
  }
  if (closeUp) {
    const drawn = drawCloseUp(closeUp, left + GUTTER, y + LINE, ink);
    lines.push(...drawn.lines);
    y = drawn.bottom;
  }
  y += 4;
  for (const line of notes.flatMap((note) => wrap(note, Math.floor(PANEL_WIDTH / LETTER)))) {
    y += LINE;
    lines.push(text(left + GUTTER, y, line, ink.faint));
  }
  return { lines, bottom: y };
}

/** Slabs in rows, as wide as they have pages, and in each its regions. */
function drawCloseUp(
  { caption, swatches, grid, pages, slabs }: CloseUp,
  left: number,
  top: number,
  ink: Ink,
): Drawn {
  const lines = [text(left, top, caption, ink.text)];
  const perRow = Math.max(1, Math.floor(PAGES_A_ROW / pages));
  const step = PANEL_WIDTH / perRow;
  const height = PANEL_WIDTH / PAGES_A_ROW - CLOSE_UP_GAP;
  const [wide, high] = [(step - CLOSE_UP_GAP) / grid.columns, height / grid.rows] as const;
  // A hair's breadth between regions, where they are not that small themselves.
  const [width, tall] = [wide, high].map((side) => rounded(side > 4 ? side - 1 : side));
  const shapes = swatches.map(() => '');
  slabs.forEach((regions, slab) => {
    const x = left + (slab % perRow) * step;
    const y = top + 8 + Math.floor(slab / perRow) * (height + CLOSE_UP_GAP);
    regions.forEach((state, region) => {
      const down = y + (region % grid.rows) * high;
      shapes[state] +=
        `M${rounded(x + Math.floor(region / grid.rows) * wide)} ${rounded(down)}h${width}v${tall}h-${width}z`;
    });
  });
  const bottom = top + 8 + Math.ceil(slabs.length / perRow) * (height + CLOSE_UP_GAP) + LINE;
  swatches
    .flatMap(({ colour, label }, state) =>
      shapes[state] === '' ? [] : [{ colour, label, shape: shapes[state] }],
    )
    .forEach(({ colour, label, shape }, index) => {
      const x = left + index * 130;
      lines.push(
        `<path fill="${colour}" d="${shape}"/>`,
        `<rect x="${x}" y="${rounded(bottom - 11)}" width="14" height="13" fill="${colour}"/>`,
        text(x + 22, bottom, `${label} region`, ink.faint),
      );
    });
  return { lines, bottom: bottom + 4 };
}

/** Where there is room for them: one name for a band of a kind, addresses where they jump. */
function bandLabels(band: Band, layout: MapLayout, names: ReadonlyMap<number, string>, size: number) {
  if (band.kind !== 'addresses') return [{ name: bandName(band, layout.info.sizeClasses), down: 0 }];
  const labels: { name: string; down: number }[] = [];
  for (let row = band.firstRow; row < band.firstRow + band.rows; row++) {
    const name = names.get(row);
    const down = (row - band.firstRow) * size;
    if (name !== undefined && down - (labels.at(-1)?.down ?? -LINE) >= LINE) labels.push({ name, down });
  }
  return labels;
}

/** A path for each colour, of rectangles in cells; equal runs in rows below one another are one. */
function bandPaths(
  swatchOfCell: Uint8Array,
  columns: number,
  { firstRow, rows }: Band,
  swatches: readonly Swatch[],
): string[] {
  const shapes = swatches.map(() => '');
  /** By first cell in the row: a run that may go on below. */
  let open = new Map<number, { swatch: number; length: number; row: number }>();
  const close = (
    x: number,
    { swatch, length, row }: { swatch: number; length: number; row: number },
    until: number,
  ) => {
    shapes[swatch] += `M${x} ${row}h${length}v${until - row}h-${length}z`;
  };
  for (let row = 0; row <= rows; row++) {
    const next: typeof open = new Map();
    for (const [x, swatch, length] of row < rows
      ? runsOf(swatchOfCell, (firstRow + row) * columns, columns)
      : []) {
      const above = open.get(x);
      const goesOn = above !== undefined && above.swatch === swatch && above.length === length;
      next.set(x, goesOn ? above : { swatch, length, row });
      if (goesOn) open.delete(x);
    }
    for (const [x, run] of open) close(x, run, row);
    open = next;
  }
  return shapes.flatMap((shape, swatch) =>
    shape === '' ? [] : [`<path fill="${swatches[swatch]?.colour}" d="${shape}"/>`],
  );
}

function* runsOf(
  swatchOfCell: Uint8Array,
  from: number,
  columns: number,
): Generator<[number, number, number]> {
  for (let x = 0; x < columns; ) {
    const swatch = swatchOfCell[from + x] as number;
    let end = x + 1;
    while (end < columns && swatchOfCell[from + end] === swatch) end++;
    if (swatch !== EMPTY) yield [x, swatch, end - x];
    x = end;
  }
}

function drawLegend(picture: MapPicture, top: number, width: number, ink: Ink): Drawn {
  const entries = legendOf(picture);
  const scale = entries.filter(({ swatch }) => swatch.value !== undefined);
  const others = entries.filter(({ swatch }) => swatch.value === undefined);
  const title = picture.panels[0]?.colouring.legend.title ?? '';
  const lines: string[] = [];
  const left = MARGIN + GUTTER;
  let y = top + LINE;
  lines.push(text(left, y, `Colour: ${title}. Area is memory: a page is a cell, everywhere.`, ink.text));
  if (scale.length > 0) {
    y += 12;
    const step = 26;
    scale.forEach(({ swatch }, index) => {
      lines.push(
        `<rect x="${left + index * step}" y="${y}" width="${step}" height="14" fill="${swatch.colour}"><title>${escaped(swatch.label)}</title></rect>`,
      );
    });
    y += 14 + LINE;
    lines.push(text(left, y - 2, scale[0]!.swatch.label, ink.faint));
    if (scale.length > 1) {
      lines.push(
        text(left + scale.length * step, y - 2, scale.at(-1)!.swatch.label, ink.faint, 'text-anchor="end"'),
      );
    }
  }
  const perRow = Math.max(1, Math.floor((width - left) / 480));
  others.forEach(({ swatch, bytes }, index) => {
    if (index % perRow === 0) y += LINE + 2;
    const x = left + (index % perRow) * 480;
    lines.push(
      `<rect x="${x}" y="${y - 11}" width="14" height="13" fill="${swatch.colour}"/>`,
      text(x + 22, y, `${swatch.label}, ${amountText(bytes)}`, ink.faint),
    );
  });
  return { lines, bottom: y + MARGIN };
}

function description({ subtitle, panels }: MapPicture): string {
  const parts = [subtitle, ...panels.flatMap(({ heading, notes }) => [heading, ...notes])];
  // Some of them are sentences already.
  return parts.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ');
}

function text(x: number, y: number, content: string, fill: string, attributes = ''): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" fill="${fill}"${attributes === '' ? '' : ` ${attributes}`}>${escaped(content)}</text>`;
}

function rounded(value: number): string {
  return `${Number(value.toFixed(4))}`;
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
