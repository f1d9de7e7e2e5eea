/** Draws the gutter beside the map: the size class of each band, or the address of rows. */
import type { ZoomTransform } from 'd3';
import { formatBytes, formatCount, plural } from '../../../src/base/index.js';
import type { Band, MapLayout } from '../../../src/map/index.js';
import { contextOf } from './levels.js';
import type { Scene } from './scene.js';

export interface Label {
  /** First row of the label; `to` is the row after its last. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface PlacedLabel {
  readonly text: string;
  /** Middle of the text in CSS pixels. */
  readonly y: number;
}

const LINE_PX = 14;
/** Ways that a label moves in CSS pixels, the shortest first. */
const MOVES = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((by) => [-by, by]);

export function drawGutter(
  canvas: HTMLCanvasElement,
  { picture: { layout }, cell }: Scene,
  { k, y }: ZoomTransform,
  pixelRatio: number,
): void {
  const context = contextOf(canvas);
  const style = getComputedStyle(canvas);
  const height = canvas.height / pixelRatio;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.font = `12px ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const scaled = labels(layout).map(({ from, to, text }) => ({
    text,
    from: y + from * cell * k,
    to: y + to * cell * k,
  }));
  for (const label of placeLabels(scaled, height)) {
    context.fillText(label.text, canvas.width / pixelRatio - 7, label.y);
  }
}

/**
 * Places labels in the middle of what is seen of their bands, those of the highest bands first. One that collides moves
 * as little as it must, by at most half a line, within the frame. If it would stand nearer to another band, it is left out.
 */
export function placeLabels(labels: readonly Label[], height: number): PlacedLabel[] {
  const inside = (y: number) => Math.max(LINE_PX / 2, Math.min(height - LINE_PX / 2, y));
  const seen = labels
    .map(({ from, to, text }) => ({ text, from: Math.max(0, from), to: Math.min(height, to) }))
    .filter(({ from, to }) => to > from)
    .map(({ text, from, to }) => ({ text, from, rows: to - from, middle: inside((from + to) / 2) }))
    .sort((a, b) => b.rows - a.rows || a.from - b.from);
  const placed: PlacedLabel[] = [];
  for (const { text, middle } of seen) {
    const isFree = (y: number) => placed.every((other) => Math.abs(other.y - y) >= LINE_PX);
    const isNearest = (y: number) =>
      seen.every((other) => Math.abs(y - middle) <= Math.abs(y - other.middle) || other.middle === middle);
    const y = MOVES.map((by) => middle + by).find((at) => at === inside(at) && isFree(at) && isNearest(at));
    if (y !== undefined) placed.push({ text, y });
  }
  return placed;
}

function labels(layout: MapLayout): Label[] {
  // Empty bands reserve rows for other frames; their names would take the room of filled bands' names.
  const filled = layout.bands.filter(({ items }) => items.length > 0);
  return filled.flatMap((band) =>
    band.kind === 'addresses' ? addressLabels(layout, band) : [bandLabel(layout, band)],
  );
}

function bandLabel(layout: MapLayout, band: Band): Label {
  return { from: band.firstRow, to: band.firstRow + band.rows, text: bandName(layout, band) };
}

function bandName({ info, granules }: MapLayout, { kind, sizeClass, items }: Band): string {
  if (sizeClass !== null) return classLabel(info.sizeClasses[sizeClass]!);
  if (kind === 'metadata') return 'records';
  if (kind !== 'classes') return kind;
  const classes = new Set(
    [...items].filter((item) => item < granules.count).map((item) => granules.sizeClass[item]),
  );
  return classes.size === 0 ? 'others' : plural(classes.size, 'other');
}

/** Returns the size of a class with its unit: in bytes below a page, else in KiB or MiB. */
export function classLabel(size: number): string {
  return size < 4096 ? `${formatCount(size)} B` : formatBytes(size).replace('.0 ', ' ');
}

function addressLabels({ stretches, columns, info }: MapLayout, { firstRow, rows }: Band): Label[] {
  return stretches.map((stretch, i) => ({
    from: stretch.firstRow,
    to: stretches[i + 1]?.firstRow ?? firstRow + rows,
    text: mebibytes((stretch.page * info.pageSize) / 2 ** 20, columns),
  }));
}

function mebibytes(value: number, columns: number): string {
  return columns >= 256 ? `${Math.round(value)} MiB` : `${value.toFixed(1)} MiB`;
}
