/** Draws the regions of the slabs in view, close up, if the snapshot has them. */
import type { Snapshot } from '../../../src/engine/index.js';
import { type Rectangle, regionGridOf, regionRectangles } from '../../../src/map/index.js';
import type { Picture } from './picture.js';
import { edgeOf, inView, type Placing } from './raster.js';

type Regions = NonNullable<Snapshot['regions']>;

/** Returns the colours of a slab's regions, in the order of REGION_STATES. */
export type RegionColours = (item: number) => readonly [free: number, parked: number, live: number];

/** Smallest side of a region in device pixels; of a smaller one, the slab's colour shows as much, and no stripes. */
const SMALLEST = 4;

export function rasterRegions(
  picture: Picture,
  regions: Regions,
  coloursOf: RegionColours,
  placing: Placing,
  out: Uint32Array,
): void {
  const { layout } = picture;
  for (const item of slabsInView(picture, placing)) {
    if (!isLargeEnough(picture, item, placing.cell)) continue;
    const colours = coloursOf(item);
    const first = regions.first[item]!;
    const end = layout.starts[item]! + layout.pages[item]!;
    for (const { region, x, y, width, height } of regionRectangles(layout, item)) {
      const isLastColumn = Math.abs(Math.floor(y) * layout.columns + x + width - end) < 1e-6;
      const isLastRow = Math.abs(y + height - Math.round(y + height)) < 1e-6;
      fillRegion(out, placing, { x, y, width, height }, [isLastColumn, isLastRow], {
        colour: colours[regions.states[first + region] as 0 | 1 | 2],
      });
    }
  }
}

function isLargeEnough({ layout }: Picture, item: number, cell: number): boolean {
  const grid = regionGridOf(layout, item);
  if (grid === null) return false;
  const width = (cell * layout.pages[item]!) / grid.columns;
  return Math.min(width, cell / grid.rows) >= SMALLEST;
}

function slabsInView({ layout, cells }: Picture, { left, top, width, height, cell }: Placing): Set<number> {
  const { columns, rows } = layout;
  const [fromColumn, toColumn] = inView(left, cell, width, columns);
  const [fromRow, toRow] = inView(top, cell, height, rows);
  const items = new Set<number>();
  for (let row = fromRow; row < toRow; row++) {
    for (let column = fromColumn; column < toColumn; column++) {
      const item = cells[row * columns + column]!;
      if (item !== 0) items.add(item - 1);
    }
  }
  return items;
}

/**
 * Fills a region with its colour, and leaves ground around it where there is room and the slab's edge at the slab's
 * ends.
 */
function fillRegion(
  out: Uint32Array,
  { width, height, left, top, cell }: Placing,
  region: Rectangle,
  [isLastColumn, isLastRow]: readonly [boolean, boolean],
  { colour }: { readonly colour: number },
): void {
  const clampX = (x: number) => Math.max(0, Math.min(width, x));
  const clampY = (y: number) => Math.max(0, Math.min(height, y));
  const fromX = Math.round(left + region.x * cell);
  const toX = Math.round(left + (region.x + region.width) * cell);
  const fromY = Math.round(top + region.y * cell);
  const toY = Math.round(top + (region.y + region.height) * cell);
  const slabEdge = edgeOf(cell);
  // Edges of regions would look like edges of slabs where slabs have none.
  const line = slabEdge > 0 && Math.min(toX - fromX, toY - fromY) >= 4 ? 1 : 0;
  const right = clampX(toX - (isLastColumn ? slabEdge : line));
  const bottom = clampY(toY - (isLastRow ? slabEdge : line));
  for (let y = clampY(fromY); y < clampY(toY); y++) {
    const at = y * width;
    if (y < bottom) out.fill(colour, at + clampX(fromX), at + Math.max(clampX(fromX), right));
    const ground = y < bottom ? Math.max(clampX(fromX), right) : clampX(fromX);
    if (line > 0) out.fill(0, at + ground, at + clampX(toX));
  }
}
