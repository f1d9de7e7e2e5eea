/** The plots of an atlas as data: a figure over an axis, and two figures against each other. */
import { type AtlasAxis, atlasGrid } from '../../map/index.js';
import { costsOf, type Objective, paretoFront } from '../../sweep/index.js';
import { type Atlas, type AtlasCell, valueText } from './atlas.js';
import { figureOf } from './atlas-answer.js';

interface PlotPoint {
  /** The cells at this point; several if their figures are equal. */
  readonly cells: readonly number[];
  readonly x: number;
  readonly y: number;
}

export interface AxisPlot {
  readonly axis: AtlasAxis;
  /** One line for each value of the axis down the grid; a point's x is the index of its value. */
  readonly lines: readonly { readonly label: string; readonly points: readonly PlotPoint[] }[];
}

/** Returns a figure over the axis across the grid; null without axes. */
export function axisPlot(
  atlas: Atlas,
  figure: Objective,
  chosen: Readonly<Record<string, string>> = {},
): AxisPlot | null {
  const grid = atlasGrid(atlas.axes, chosen);
  const { across, down } = grid;
  if (across === null) return null;
  const byNumber = numbered(atlas);
  const lines = Array.from({ length: grid.rows }, (_, row) => ({
    label: down === null ? '' : valueText(down.name, down.values[row]!),
    points: grid.places.flatMap((place): PlotPoint[] => {
      const cell = byNumber.get(place.cell);
      const y = place.row === row && cell !== undefined ? figureOf(cell, figure) : null;
      return y === null ? [] : [{ cells: [place.cell], x: place.column, y }];
    }),
  }));
  return { axis: across, lines };
}

export interface FrontPoint extends PlotPoint {
  /** Whether no other point is better in one of the two figures and no worse in the other. */
  readonly isFront: boolean;
}

/** Returns the cells by two figures, and which of them no other cell beats in both. */
export function frontPlot({ cells }: Atlas, x: Objective, y: Objective): FrontPoint[] {
  const measured = cells.filter((cell) => figureOf(cell, x) !== null && figureOf(cell, y) !== null);
  const front = new Set(paretoFront(measured.map(({ figures }) => costsOf(figures!, [x, y]))));
  const points = new Map<string, { cells: number[]; x: number; y: number; isFront: boolean }>();
  measured.forEach((cell, at) => {
    const [left, up] = [figureOf(cell, x)!, figureOf(cell, y)!];
    const key = `${left} ${up}`;
    const point = points.get(key) ?? { cells: [], x: left, y: up, isFront: front.has(at) };
    point.cells.push(cell.cell);
    points.set(key, point);
  });
  return [...points.values()].sort((a, b) => a.x - b.x || a.y - b.y);
}

function numbered({ cells }: Atlas): ReadonlyMap<number, AtlasCell> {
  return new Map(cells.map((cell) => [cell.cell, cell]));
}
