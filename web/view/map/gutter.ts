/** Draws the gutter beside the map: the size class of each band, or the address of rows. */
import type { ZoomTransform } from 'd3';
import type { Band, MapLayout } from '../../../src/map/index.js';
import { contextOf } from './levels.js';
import type { Scene } from './scene.js';

interface Label {
  /** First row of the label; `to` is the row after its last. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const LINE_PX = 13;

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
  context.font = `11px ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textAlign = 'right';
  context.textBaseline = 'top';
  let free = 0;
  for (const { from, to, text } of labels(layout)) {
    const top = y + from * cell * k;
    const bottom = y + to * cell * k;
    if (bottom <= 0 || top >= height) continue;
    // A band that began above the frame keeps its name in view.
    const at = Math.max(top, 0);
    if (at < free || at + LINE_PX > Math.max(bottom, at + 1) + LINE_PX || at + LINE_PX > height) continue;
    context.fillText(text, canvas.width / pixelRatio - 6, at);
    free = at + LINE_PX;
  }
}

function labels(layout: MapLayout): Label[] {
  // Empty bands reserve rows for other frames; their names would take the room of filled bands' names.
  const filled = layout.bands.filter(({ items }) => items.length > 0);
  return filled.flatMap((band) =>
    band.kind === 'addresses' ? addressLabels(layout, band) : [bandLabel(layout, band)],
  );
}

function bandLabel({ info }: MapLayout, { kind, sizeClass, firstRow, rows }: Band): Label {
  const text = sizeClass !== null ? `${info.sizeClasses[sizeClass]}` : kind === 'classes' ? 'others' : kind;
  return { from: firstRow, to: firstRow + rows, text };
}

function addressLabels({ stretches, columns, info }: MapLayout, { firstRow, rows }: Band): Label[] {
  return stretches.map((stretch, i) => ({
    from: stretch.firstRow,
    to: stretches[i + 1]?.firstRow ?? firstRow + rows,
    text: mebibytes((stretch.page * info.pageSize) / 2 ** 20, columns),
  }));
}

function mebibytes(value: number, columns: number): string {
  return columns >= 256 ? `${Math.round(value)} Mi` : `${value.toFixed(1)} Mi`;
}
