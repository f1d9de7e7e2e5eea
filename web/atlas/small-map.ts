/** Draws a small map of an atlas on a canvas: pixels of whole cells, hatched where memory came back. */
import {
  atlasSwatches,
  CAME_BACK,
  EMPTY,
  type Ground,
  pixelOf,
  type Thumbnail,
} from '../../src/map/index.js';
import { contextOf } from '../view/map/levels.js';

const HATCH_STEP = 5;

/** Draws a map as wide as `width` device pixels. */
export function drawSmallMap(
  canvas: HTMLCanvasElement,
  { cells }: Thumbnail,
  width: number,
  ground: Ground,
): void {
  const { columns, rows, swatches } = cells;
  const size = Math.max(1, Math.floor(width / columns));
  canvas.width = columns * size;
  canvas.height = Math.max(1, rows * size);
  const context = contextOf(canvas);
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = atlasSwatches(ground).map(({ colour }) => pixelOf(colour));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const swatch = swatches[row * columns + column]!;
      if (swatch === EMPTY) continue;
      const colour = colours[swatch]!;
      for (let y = row * size; y < (row + 1) * size; y++) {
        const from = y * canvas.width + column * size;
        if (swatch !== CAME_BACK) pixels.fill(colour, from, from + size);
        else for (let x = 0; x < size; x++) if (isLine(column * size + x, y)) pixels[from + x] = colour;
      }
    }
  }
  context.putImageData(image, 0, 0);
}

function isLine(x: number, y: number): boolean {
  return (x + y) % HATCH_STEP === 0;
}
