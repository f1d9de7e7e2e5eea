/**
 * Smaller copies of a map's picture, each half the size of the one before. A pixel shared by several pages is their
 * mean.
 */
import { paint } from '../../../src/map/index.js';
import type { Picture } from './picture.js';

type Surface = HTMLCanvasElement;

export class Levels {
  readonly #levels: Surface[] = [];

  constructor(picture: Picture) {
    const { columns, rows } = picture.layout;
    const whole = surface(columns, Math.max(1, rows));
    const image = whole.context.createImageData(columns, Math.max(1, rows));
    paint(picture.layout, picture.colours, new Uint32Array(image.data.buffer));
    whole.context.putImageData(image, 0, 0);
    this.#levels.push(whole.canvas);
  }

  /** Returns the smallest copy with a pixel for each drawn pixel, and the width of its pixels in pages. */
  at(cell: number): { readonly image: Surface; readonly pages: number } {
    const wanted = Math.max(0, Math.floor(Math.log2(1 / cell)));
    while (this.#levels.length <= wanted) this.#levels.push(halved(this.#levels.at(-1)!));
    return { image: this.#levels[wanted]!, pages: 2 ** wanted };
  }
}

// Bilinear interpolation at exactly a half is the mean of four pixels.
function halved(image: Surface): Surface {
  const { canvas, context } = surface(Math.ceil(image.width / 2), Math.ceil(image.height / 2));
  context.imageSmoothingEnabled = true;
  context.drawImage(image, 0, 0, image.width / 2, image.height / 2);
  return canvas;
}

function surface(width: number, height: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return { canvas, context: contextOf(canvas) };
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser gives no 2d context for a canvas: the map needs one');
  return context;
}
