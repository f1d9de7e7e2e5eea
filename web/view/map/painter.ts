import type { ZoomTransform } from 'd3';
import { contextOf, Levels } from './levels.js';
import type { Picture } from './picture.js';
import { type Placing, raster } from './raster.js';
import { rasterRegions } from './region-raster.js';
import type { Scene } from './scene.js';
import { drawTextures } from './texture.js';

/** Draws scenes on one canvas at its current size. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #image: ImageData | null = null;
  #levels: { readonly picture: Picture; readonly levels: Levels } | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
  }

  draw(scene: Scene, transform: ZoomTransform, pixelRatio: number): void {
    // A canvas without a place on the page has no pixels.
    if (this.#canvas.width === 0 || this.#canvas.height === 0) return;
    const placing = placingOf(scene, transform, pixelRatio, this.#canvas);
    if (placing.cell < 1) this.#scaled(scene.picture, placing);
    else this.#rastered(scene, placing);
  }

  clear(): void {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #rastered(scene: Scene, placing: Placing): void {
    const { width, height } = placing;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = this.#context.createImageData(width, height);
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    raster(scene.picture, placing, pixels);
    const { regions } = scene.frame.snapshot;
    if (regions !== null) rasterRegions(scene.picture, regions, scene.regionColours, placing, pixels);
    drawTextures(pixels, placing, scene.colouring.ground);
    this.#context.putImageData(this.#image, 0, 0);
  }

  #scaled(picture: Picture, { width, height, left, top, cell }: Placing): void {
    if (this.#levels?.picture !== picture) this.#levels = { picture, levels: new Levels(picture) };
    const { image, pages } = this.#levels.levels.at(cell);
    const context = this.#context;
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = true;
    context.drawImage(image, left, top, image.width * pages * cell, image.height * pages * cell);
  }
}

export function placingOf(
  { cell }: Pick<Scene, 'cell'>,
  { k, x, y }: ZoomTransform,
  pixelRatio: number,
  { width, height }: { readonly width: number; readonly height: number },
): Placing {
  return {
    width,
    height,
    left: Math.round(x * pixelRatio),
    top: Math.round(y * pixelRatio),
    cell: cell * k * pixelRatio,
  };
}
