import { zoomIdentity } from 'd3';
import { GROUND_COLOURS } from '../../../src/map/index.js';
import { groundOf } from '../ground.js';
import { contextOf } from '../map/levels.js';
import { Painter } from '../map/painter.js';
import type { Scene } from '../map/scene.js';

const MARGIN = 32;
const HEAD = 114;
const FOOT = 40;
const NARROWEST = 800;
/** Caption of the picture, which has the whole map even if the page shows a part of it. */
const WHOLE = 'The whole map: all memory of the allocator, page by page; area is bytes.';

/** Returns the whole map with its headline above and its legend below, as a picture that stands alone. */
export async function pictureOf(scene: Scene): Promise<Blob> {
  const { layout } = scene.picture;
  const cell = Math.max(1, Math.round(1200 / layout.columns));
  const map = document.createElement('canvas');
  map.width = layout.columns * cell;
  map.height = layout.rows * cell;
  new Painter(map).draw({ ...scene, cell }, zoomIdentity, 1);

  const canvas = document.createElement('canvas');
  canvas.width = Math.max(NARROWEST, map.width) + 2 * MARGIN;
  canvas.height = map.height + HEAD + FOOT + 2 * MARGIN;
  const context = contextOf(canvas);
  const ground = groundOf(document.documentElement);
  const ink = ground === 'dark' ? '#eceef1' : '#1b1d21';
  context.fillStyle = GROUND_COLOURS[ground];
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = ink;
  context.textBaseline = 'top';
  const { claim, reason } = scene;
  const room = canvas.width - 2 * MARGIN;
  context.font = '600 20px system-ui, sans-serif';
  context.fillText(scene.title, MARGIN, MARGIN, room);
  context.font = '15px system-ui, sans-serif';
  context.fillText(claim, MARGIN, MARGIN + 32, room);
  context.fillText(reason, MARGIN, MARGIN + 54, room);
  context.fillText(WHOLE, MARGIN, MARGIN + 76, room);
  context.drawImage(map, MARGIN, MARGIN + HEAD);
  legend(context, scene, ink, canvas.height - MARGIN - 14);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob === null ? reject(new Error('the picture is too large for this browser')) : resolve(blob),
    );
  });
}

function legend(
  context: CanvasRenderingContext2D,
  { legend: { swatches } }: Scene,
  ink: string,
  y: number,
): void {
  context.font = '13px system-ui, sans-serif';
  let x = MARGIN;
  const scale = swatches.filter(({ value }) => value !== undefined);
  for (const swatch of swatches) {
    context.fillStyle = swatch.colour;
    context.fillRect(x, y, 14, 14);
    x += 14;
    const isBetween = scale.includes(swatch) && swatch !== scale[0] && swatch !== scale.at(-1);
    if (isBetween) continue;
    const text = swatch.label.split(': ')[0]!;
    context.fillStyle = ink;
    context.fillText(text, x + 6, y);
    x += context.measureText(text).width + 20;
  }
}
