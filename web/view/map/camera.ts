/** Which part of a map is in view. Panes that are linked share one camera, so it knows nothing of any one map. */
import { type ZoomTransform, zoomIdentity } from 'd3';
import type { Zoom } from '../../state.js';
import { Store } from '../../store.js';

/** CSS pixels; the identity shows the whole map. */
export type Camera = Store<ZoomTransform>;

export function createCamera(): Camera {
  return new Store<ZoomTransform>(zoomIdentity);
}

/** Device-independent: pages rather than pixels, so that an address leads to the same place in a window of any size. */
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

/** Never beyond the ends of what the identity shows. */
export function within({ k, x, y }: ZoomTransform, width: number, height: number): ZoomTransform {
  const between = (value: number, room: number) => Math.min(0, Math.max(room - room * k, value));
  return zoomIdentity.translate(between(x, width), between(y, height)).scale(k);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
