import { wrap } from '../base/index.js';
import {
  type Band,
  cellsOf,
  GROUND_COLOURS,
  type Ground,
  type MapLayout,
  type Cells as SmallCells,
  type Swatch,
} from '../map/index.js';
import type { CloseUp } from './close-up.js';
import { bandName, rowNames } from './map-names.js';
import { amountText, legendEntries, type MapPanel, type MapPicture } from './map-picture.js';

/** A picture as marks with coordinates in pixels. */
export interface Composition {
  readonly width: number;
  readonly height: number;
  readonly ground: string;
  readonly marks: readonly Mark[];
}

export type Mark = Text | Box | Boxes | Cells | Line | Dot | Small;

export interface Text {
  readonly kind: 'text';
  /** The start of the text, or its end, on the baseline. */
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour: string;
  readonly role: 'title' | 'heading' | 'plain' | 'name';
  readonly isRightAligned?: boolean;
}

interface Box {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  readonly label?: string;
}

/** Rectangles of one size and colour. */
export interface Boxes {
  readonly kind: 'boxes';
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  readonly places: readonly (readonly [x: number, y: number])[];
}

/** The cells of one band of a map. */
export interface Cells {
  readonly kind: 'cells';
  readonly x: number;
  readonly y: number;
  /** The width and height of a cell. */
  readonly size: number;
  readonly columns: number;
  readonly band: Band;
  /** The swatch index of each cell of the whole map, or EMPTY. */
  readonly cells: Uint8Array;
  readonly swatches: readonly Swatch[];
}

export interface Line {
  readonly kind: 'line';
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: string;
  readonly width: number;
}

/** A point of a plot. */
export interface Dot {
  readonly kind: 'dot';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colour: string;
  readonly isHollow?: boolean;
  /** The cells of a sweep that it stands for. */
  readonly cells: readonly number[];
}

/** A whole map, drawn small. */
export interface Small {
  readonly kind: 'thumbnail';
  readonly x: number;
  readonly y: number;
  /** The width and height of a cell. */
  readonly size: number;
  readonly cells: SmallCells;
  readonly swatches: readonly Swatch[];
  /** The swatch that is hatched on the background, rather than filled. */
  readonly hatched: number;
}

/** The widths that depend on the format of the picture. */
export interface Measures {
  readonly panelWidth: number;
  /** The average width of a letter. */
  readonly letterWidth: number;
}

const MARGIN = 24;
/** The width of the names of bands. */
const GUTTER = 64;
const LINE = 18;
const CLOSE_UP_PAGES_PER_ROW = 14;
const CLOSE_UP_GAP = 4;
const BAND_GAP = 6;
/** The height that the name of a band needs. */
const MIN_BAND_HEIGHT = 12;
const LEGEND_ENTRY_WIDTH = 480;

export interface Ink {
  readonly text: string;
  readonly faint: string;
}

export const INK: Readonly<Record<Ground, Ink>> = {
  dark: { text: '#e6e9ee', faint: '#a3acb9' },
  light: { text: '#161b22', faint: '#525c69' },
};

interface Placed {
  readonly marks: readonly Mark[];
  readonly bottom: number;
}

export function compose(picture: MapPicture, measures: Measures): Composition {
  const { title, subtitle, panels } = picture;
  const { panelWidth, letterWidth } = measures;
  const ground = panels[0]?.colouring.ground ?? 'dark';
  const ink = INK[ground];
  const step = GUTTER + panelWidth + MARGIN;
  const width = MARGIN + Math.max(1, panels.length) * step;
  const about = wrap(subtitle, Math.floor((width - 2 * MARGIN) / letterWidth));
  const top = MARGIN + LINE * (2 + about.length);
  const maps = panels.map((panel, index) => placePanel(panel, MARGIN + index * step, top, ink, measures));
  const below = Math.max(top, ...maps.map(({ bottom }) => bottom)) + LINE;
  const legend = placeLegend(picture, below, width, ink);
  return {
    width,
    height: legend.bottom,
    ground: GROUND_COLOURS[ground],
    marks: [
      textMark(MARGIN, MARGIN + 12, title, ink.text, 'title'),
      ...about.map((line, index) => textMark(MARGIN, MARGIN + 12 + LINE * (1 + index), line, ink.faint)),
      ...maps.flatMap(({ marks }) => marks),
      ...legend.marks,
    ],
  };
}

function placePanel(
  { heading, notes, layout, colouring, closeUp }: MapPanel,
  left: number,
  top: number,
  ink: Ink,
  { panelWidth, letterWidth }: Measures,
): Placed {
  const { columns, swatches: cells } = cellsOf(layout, colouring);
  const { swatches } = colouring.legend;
  const size = panelWidth / layout.columns;
  const names = rowNames(layout);
  const x = left + GUTTER;
  const marks: Mark[] = [textMark(x, top + 4, heading, ink.text, 'heading')];
  let y = top + LINE;
  for (const band of layout.bands) {
    for (const { name, down } of bandLabels(band, layout, names, size)) {
      marks.push({ ...textMark(x - 8, y + down + 10, name, ink.faint, 'name'), isRightAligned: true });
    }
    marks.push({ kind: 'cells', x, y, size, columns, band, cells, swatches });
    y += Math.max(MIN_BAND_HEIGHT, band.rows * size) + BAND_GAP;
  }
  if (closeUp) {
    const placed = placeCloseUp(closeUp, x, y + LINE, panelWidth, ink);
    marks.push(...placed.marks);
    y = placed.bottom;
  }
  y += 4;
  for (const line of notes.flatMap((note) => wrap(note, Math.floor(panelWidth / letterWidth)))) {
    y += LINE;
    marks.push(textMark(x, y, line, ink.faint));
  }
  return { marks, bottom: y };
}

/** Places slabs in rows, with a width that is proportional to their pages, and the regions within them. */
function placeCloseUp(
  { caption, swatches, grid, pages, slabs }: CloseUp,
  left: number,
  top: number,
  panelWidth: number,
  ink: Ink,
): Placed {
  const perRow = Math.max(1, Math.floor(CLOSE_UP_PAGES_PER_ROW / pages));
  const step = panelWidth / perRow;
  const height = panelWidth / CLOSE_UP_PAGES_PER_ROW - CLOSE_UP_GAP;
  const [wide, high] = [(step - CLOSE_UP_GAP) / grid.columns, height / grid.rows] as const;
  // Regions larger than four pixels have a gap of one pixel.
  const [width, tall] = [wide, high].map((side) => (side > 4 ? side - 1 : side)) as [number, number];
  const places: [number, number][][] = swatches.map(() => []);
  slabs.forEach((regions, slab) => {
    const x = left + (slab % perRow) * step;
    const y = top + 8 + Math.floor(slab / perRow) * (height + CLOSE_UP_GAP);
    regions.forEach((state, region) => {
      const across = Math.floor(region / grid.rows) * wide;
      places[state]?.push([x + across, y + (region % grid.rows) * high]);
    });
  });
  const bottom = top + 8 + Math.ceil(slabs.length / perRow) * (height + CLOSE_UP_GAP) + LINE;
  const found = swatches.flatMap((swatch, state) => {
    const those = places[state]!;
    return those.length === 0 ? [] : [{ swatch, places: those }];
  });
  const marks = found.flatMap(({ swatch: { colour, label }, places: those }, index): Mark[] => {
    const x = left + index * 130;
    return [
      { kind: 'boxes', width, height: tall, colour, places: those },
      { kind: 'box', x, y: bottom - 11, width: 14, height: 13, colour },
      textMark(x + 22, bottom, `${label} region`, ink.faint),
    ];
  });
  return { marks: [textMark(left, top, caption, ink.text), ...marks], bottom: bottom + 4 };
}

/** Returns the labels of a band: its name, or the addresses of its rows where there is room for them. */
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

function placeLegend(picture: MapPicture, top: number, width: number, ink: Ink): Placed {
  const entries = legendEntries(picture);
  const scale = entries.filter(({ swatch }) => swatch.value !== undefined);
  const others = entries.filter(({ swatch }) => swatch.value === undefined);
  const title = picture.panels[0]?.colouring.legend.title ?? '';
  const left = MARGIN + GUTTER;
  let y = top + LINE;
  const marks: Mark[] = [
    textMark(left, y, `Colour: ${title}. Area is memory: a page is a cell, everywhere.`, ink.text),
  ];
  if (scale.length > 0) {
    y += 12;
    const step = 26;
    scale.forEach(({ swatch: { colour, label } }, index) => {
      marks.push({ kind: 'box', x: left + index * step, y, width: step, height: 14, colour, label });
    });
    y += 14 + LINE;
    const [first, last] = [scale[0]!.swatch.label, scale.at(-1)!.swatch.label];
    marks.push(textMark(left, y - 2, first, ink.faint));
    if (scale.length > 1) {
      marks.push({ ...textMark(left + scale.length * step, y - 2, last, ink.faint), isRightAligned: true });
    }
  }
  const perRow = Math.max(1, Math.floor((width - left) / LEGEND_ENTRY_WIDTH));
  others.forEach(({ swatch: { colour, label }, bytes }, index) => {
    if (index % perRow === 0) y += LINE + 2;
    const x = left + (index % perRow) * LEGEND_ENTRY_WIDTH;
    marks.push(
      { kind: 'box', x, y: y - 11, width: 14, height: 13, colour },
      textMark(x + 22, y, `${label}, ${amountText(bytes)}`, ink.faint),
    );
  });
  return { marks, bottom: y + MARGIN };
}

function textMark(x: number, y: number, text: string, colour: string, role: Text['role'] = 'plain'): Text {
  return { kind: 'text', x, y, text, colour, role };
}
