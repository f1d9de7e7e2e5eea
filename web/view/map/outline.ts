/** Draws a line around a hovered, focused or selected item, over the map. */
import type { ZoomTransform } from 'd3';
import { rectanglesOf } from '../../../src/map/index.js';
import { placingOf } from './painter.js';
import type { Scene } from './scene.js';

export interface Outline {
  readonly item: number;
  readonly colour: string;
  /** Width in CSS pixels. */
  readonly width: number;
}

/** Draws grown rectangles and clears the item itself, so that an item over several rows has one outline. */
export function drawOutline(
  context: CanvasRenderingContext2D,
  scene: Scene,
  transform: ZoomTransform,
  pixelRatio: number,
  outline: Outline,
): void {
  const { left, top, cell } = placingOf(scene, transform, pixelRatio, context.canvas);
  const boxes = rectanglesOf(scene.picture.layout, outline.item).map(({ x, y, width, height }) => {
    const fromX = Math.round(left + x * cell);
    const fromY = Math.round(top + y * cell);
    const toX = Math.round(left + (x + width) * cell);
    const toY = Math.round(top + (y + height) * cell);
    return [fromX, fromY, Math.max(2, toX - fromX), Math.max(2, toY - fromY)] as const;
  });
  const grow = Math.max(1, Math.round(outline.width * pixelRatio));
  context.fillStyle = outline.colour;
  for (const [x, y, width, height] of boxes) {
    context.fillRect(x - grow, y - grow, width + 2 * grow, height + 2 * grow);
  }
  for (const [x, y, width, height] of boxes) context.clearRect(x, y, width, height);
}
