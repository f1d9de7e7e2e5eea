/** Lays out an atlas as a picture: the small maps in rows and columns, the plots beside them, and the legend above. */
import { wrap } from '../../base/index.js';
import {
  atlasGrid,
  atlasSwatches,
  CAME_BACK,
  GROUND_COLOURS,
  type Ground,
  PARTS,
  RECORDS,
  thumbnails,
} from '../../map/index.js';
import type { Objective } from '../../sweep/index.js';
import { type Composition, INK, type Mark, type Measures, type Text } from '../map-composition.js';
import { type Atlas, figuresIn, figureText, valueText } from './atlas.js';
import { atlasAnswer, changeText, figureOf } from './atlas-answer.js';
import { axisPlotMarks, frontPlotMarks } from './plot-marks.js';
import { axisPlot, frontPlot } from './plots.js';

export interface AtlasChoice {
  /** The figure in captions and plots. */
  readonly figure: Objective;
  readonly ground: Ground;
  /** Values of axes that are neither across nor down. */
  readonly values: Readonly<Record<string, string>>;
}

const MARGIN = 24;
const GAP = 16;
const LINE = 18;
const CAPTION = 34;
const COLUMN_HEAD = 24;
/** Widths of a small map, between which it shrinks with the number of columns. */
const NARROWEST = 84;
const WIDEST = 180;
const MAPS_WIDTH = 800;
const PLOT = { width: 360, height: 220 };
/** Pixels of a cell. */
const CELL = 2;
/** The height of a small map as a share of its width. */
const ASPECT = 0.8;

export function composeAtlas(
  atlas: Atlas,
  choice: AtlasChoice,
  { letterWidth }: Pick<Measures, 'letterWidth'>,
): Composition {
  const { figure, ground, values } = choice;
  const ink = INK[ground];
  const grid = atlasGrid(atlas.axes, values);
  const mapWidth = CELL * Math.floor(widthFor(grid.columns) / CELL);
  const rowNames =
    grid.down === null ? [] : grid.down.values.map((value) => valueText(grid.down!.name, value));
  const gutter = Math.min(
    160,
    Math.max(
      0,
      ...[...rowNames, grid.down?.name ?? '', grid.across?.name ?? ''].map(
        ({ length }) => length * letterWidth + 14,
      ),
    ),
  );
  const left = MARGIN + gutter;
  const mapsRight = left + grid.columns * (mapWidth + GAP) - GAP;
  const plotLeft = mapsRight + 36;
  const width = plotLeft + PLOT.width + MARGIN;
  const answer = atlasAnswer(atlas, figure);
  const letters = Math.floor((width - 2 * MARGIN) / letterWidth);
  const head = [...wrap(answer.reason, letters), ...wrap(conditionsOf(atlas, grid.fixed), letters)];
  const marks: Mark[] = [
    textMark(MARGIN, MARGIN + 14, answer.sentence, ink.text, 'title'),
    ...head.map((line, at) => textMark(MARGIN, MARGIN + 14 + LINE * (at + 1), line, ink.faint)),
  ];
  const legendTop = MARGIN + 14 + LINE * head.length + 16;
  marks.push(...legendMarks(left, legendTop, ground, letterWidth));
  const top = legendTop + 34 + COLUMN_HEAD;
  marks.push(...headMarks());
  const byNumber = new Map(atlas.cells.map((cell) => [cell.cell, cell]));
  const drawn = grid.places.map(({ cell }) => byNumber.get(cell)?.map ?? null);
  const frame = { columns: mapWidth / CELL, rows: Math.floor((mapWidth * ASPECT) / CELL) };
  const small = thumbnails(
    drawn.filter((map) => map !== null),
    frame,
  );
  const swatches = atlasSwatches(ground);
  const size = small[0] === undefined ? CELL : mapWidth / small[0].scale.columns;
  const mapHeight = Math.max(40, ...small.map(({ scale }) => scale.rows * size));
  const rowHeight = mapHeight + CAPTION;
  let next = 0;
  grid.places.forEach(({ cell: number, row, column }, at) => {
    const cell = byNumber.get(number);
    const [x, y] = [left + column * (mapWidth + GAP), top + row * rowHeight];
    const map = drawn[at] === null ? undefined : small[next++];
    if (map === undefined) {
      marks.push({ kind: 'box', x, y, width: mapWidth, height: mapHeight, colour: PARTS[ground].line });
    } else marks.push({ kind: 'thumbnail', x, y, size, cells: map.cells, swatches, hatched: CAME_BACK });
    if (number === answer.best) marks.push(...ring(x - 4, y - 4, mapWidth + 8, rowHeight - 4, ground));
    if (cell === undefined) return;
    marks.push(...captionMarks(number, x, y + mapHeight + 17));
  });
  rowNames.forEach((name, row) => {
    const mark = textMark(left - 12, top + row * rowHeight + 12, name, ink.text, 'heading');
    marks.push({ ...mark, isRightAligned: true });
  });
  const plots = plotMarks();
  const height = Math.max(top + grid.rows * rowHeight, plots.bottom) + MARGIN;
  return { width, height, ground: GROUND_COLOURS[ground], marks: [...marks, ...plots.marks] };

  function headMarks(): Mark[] {
    const { across, down } = grid;
    const axes: Mark[] = [];
    const corner = (text: string, y: number): Text => ({
      ...textMark(left - 12, y, text, ink.faint, 'name'),
      isRightAligned: true,
    });
    if (across !== null) axes.push(corner(across.name, top - COLUMN_HEAD));
    if (down !== null) axes.push(corner(down.name, top - COLUMN_HEAD + 14));
    const names = across === null ? [] : across.values.map((value) => valueText(across.name, value));
    return [
      ...axes,
      ...names.map((name, column) =>
        textMark(left + column * (mapWidth + GAP), top - 10, name, ink.text, 'heading'),
      ),
    ];
  }

  function captionMarks(number: number, x: number, y: number): Mark[] {
    const cell = byNumber.get(number)!;
    const value = figureOf(cell, figure);
    if (value === null) {
      const fits = Math.floor(mapWidth / letterWidth);
      return [textMark(x, y, (cell.error ?? 'not run').slice(0, fits), ink.faint, 'name')];
    }
    const text = figureText(figure, value);
    const change = changeText(cell, atlas, figure);
    const best = number === answer.best ? 'best' : '';
    const room = x + mapWidth;
    return [
      textMark(x, y, text, ink.text, 'heading'),
      textMark(x + (text.length + 1.5) * (letterWidth + 1), y, change, ink.faint, 'name'),
      { ...textMark(room, y, best, PARTS[ground].dirty, 'name'), isRightAligned: true },
    ];
  }

  function plotMarks(): { readonly marks: Mark[]; readonly bottom: number } {
    const box = (index: number) => ({
      x: plotLeft,
      y: top - COLUMN_HEAD + index * (PLOT.height + GAP),
      ...PLOT,
      ground,
      letterWidth,
    });
    const over = axisPlot(atlas, figure, values);
    const cost = costOf(atlas, figure);
    const drawnPlots = [
      ...(over === null ? [] : [axisPlotMarks(over, figure, box(0))]),
      ...(cost === null
        ? []
        : [frontPlotMarks(frontPlot(atlas, cost, figure), cost, figure, answer.best, box(1))]),
    ];
    return { marks: drawnPlots.flat(), bottom: top + drawnPlots.length * (PLOT.height + GAP) };
  }
}

/** Returns the figure that a figure is shown against: what it costs, or what it saves; null if nothing else is known. */
export function costOf(atlas: Atlas, figure: Objective): Objective | null {
  const wanted = figure === 'purgeWork' ? 'steadyResident' : 'purgeWork';
  return figuresIn(atlas).find((other) => other === wanted) ?? null;
}

/** Returns what holds for all maps: the workload, and the values at which further axes are shown. */
export function conditionsOf(
  { workload, conditions }: Atlas,
  fixed: ReturnType<typeof atlasGrid>['fixed'],
): string {
  const values = fixed.map(({ axis, value }) => `${axis.name} ${valueText(axis.name, value)}`);
  return [
    `${workload}: ${conditions}`,
    ...(values.length === 0 ? [] : [`shown at ${values.join(', ')}`]),
  ].join('; ');
}

function widthFor(columns: number): number {
  return Math.max(NARROWEST, Math.min(WIDEST, MAPS_WIDTH / columns - GAP));
}

const CAME_BACK_LABEL = 'came back';

/** The classes of colours in the legend: names, and the swatches that each stands for. */
export function legendOf(ground: Ground): readonly { readonly label: string; readonly swatches: string[] }[] {
  const swatches = atlasSwatches(ground);
  const colours = (from: number, to: number) => swatches.slice(from, to).map(({ colour }) => colour);
  return [
    { label: 'full', swatches: colours(11, 12) },
    { label: 'pinned, emptier to the right', swatches: colours(1, 11).reverse() },
    { label: 'comes back: dirty, muzzy, empty', swatches: [...colours(12, 14), ...colours(0, 1)] },
    { label: CAME_BACK_LABEL, swatches: colours(CAME_BACK, CAME_BACK + 1) },
    { label: 'records', swatches: colours(RECORDS, RECORDS + 1) },
  ];
}

function legendMarks(left: number, top: number, ground: Ground, letterWidth: number): Mark[] {
  const ink = INK[ground];
  const all = atlasSwatches(ground);
  let x = left;
  return legendOf(ground).flatMap(({ label, swatches }): Mark[] => {
    const step = swatches.length > 3 ? 7 : 14;
    const boxes = swatches.map((colour, at): Mark => {
      const place = { x: x + at * step, y: top, width: step, height: 13 };
      if (label !== CAME_BACK_LABEL) return { kind: 'box', ...place, colour };
      const cells = { columns: 7, rows: 6, pagesPerCell: 1, swatches: new Uint8Array(42).fill(CAME_BACK) };
      return { kind: 'thumbnail', x, y: top, size: 2, cells, swatches: all, hatched: CAME_BACK };
    });
    const text = textMark(x + swatches.length * step + 7, top + 11, label, ink.faint);
    x += swatches.length * step + 7 + label.length * letterWidth + 18;
    return [...boxes, text];
  });
}

function ring(x: number, y: number, width: number, height: number, ground: Ground): Mark[] {
  const corners = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
    [x, y],
  ] as const;
  return [{ kind: 'line', points: corners, colour: PARTS[ground].dirty, width: 2 }];
}

function textMark(x: number, y: number, text: string, colour: string, role: Text['role'] = 'plain'): Text {
  return { kind: 'text', x, y, text, colour, role };
}
