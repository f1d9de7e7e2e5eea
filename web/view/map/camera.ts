/** The camera: the visible part of a map. Linked panes share one camera, so it is independent of any one map. */
import { type ZoomTransform, zoomIdentity } from 'd3';
import type { Zoom } from '../../state.js';
import { Store } from '../../store.js';

/** Transform in CSS pixels; the identity shows the whole map. */
export type Camera = Store<ZoomTransform>;

export function createCamera(): Camera {
  return new Store<ZoomTransform>(zoomIdentity);
}

/** Returns the zoom in pages rather than pixels, so that an address leads to the same place in any window. */
export function zoomOf(
  transform: ZoomTransform,
  cell: number,
  [width, height]: readonly [number, number],
): Zoom | null {
  if (transform.k === 1) return null;
  const [x, y] = transform.invert([width / 2, height / 2]);
  return { x: rounded(x / cell), y: rounded(y / cell), scale: rounded(transform.k) };
}

export function transformOf(
  zoom: Zoom | null,
  cell: number,
  [width, height]: readonly [number, number],
): ZoomTransform {
  if (zoom === null) return zoomIdentity;
  const { x, y, scale } = zoom;
  return within(
    zoomIdentity.translate(width / 2 - x * cell * scale, height / 2 - y * cell * scale).scale(scale),
    width,
    height,
  );
}

/** Returns the transform, moved so that the view stays within the whole map. */
export function within({ k, x, y }: ZoomTransform, width: number, height: number): ZoomTransform {
  const between = (value: number, room: number) => Math.min(0, Math.max(room - room * k, value));
  return zoomIdentity.translate(between(x, width), between(y, height)).scale(k);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
