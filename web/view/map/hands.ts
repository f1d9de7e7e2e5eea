import { type Selection, select, type ZoomBehavior, type ZoomTransform, zoom } from 'd3';
import type { Camera } from './camera.js';

/** CSS pixels that a page has at most. */
const LARGEST_PAGE_PX = 640;

export function largestScale(cell: number): number {
  return Math.max(1, LARGEST_PAGE_PX / cell);
}

export interface Hands {
  readonly surface: Selection<HTMLCanvasElement, unknown, null, undefined>;
  readonly behaviour: ZoomBehavior<HTMLCanvasElement, unknown>;
  /** Says how large the canvas is in CSS pixels. */
  room(size: readonly [number, number]): void;
  /** Says how many CSS pixels a page has when the whole map is shown. */
  pages(cell: number): void;
}

/** Lets a wheel, a pointer and fingers on a canvas move the camera, which other canvases may share. */
export function hands(
  canvas: HTMLCanvasElement,
  camera: Camera,
  events: { readonly moved: () => void; readonly rested: () => void },
): Hands {
  const surface = select(canvas);
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .filter((event: WheelEvent & MouseEvent) => {
      // The wheel outwards scrolls the page if the whole map is in view.
      if (event.type === 'wheel') return event.ctrlKey || event.deltaY < 0 || camera.get().k > 1;
      // A touch has no button.
      return !event.ctrlKey && !event.button;
    })
    .clickDistance(4)
    .on('zoom', ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: Event | null }) => {
      if (sourceEvent !== null) events.moved();
      camera.set(transform);
    })
    .on('end', events.rested);
  surface.call(behaviour);
  return {
    surface,
    behaviour,
    room([width, height]) {
      const all: [[number, number], [number, number]] = [
        [0, 0],
        [width, height],
      ];
      behaviour.extent(all).translateExtent(all);
    },
    pages: (cell) => void behaviour.scaleExtent([1, largestScale(cell)]),
  };
}

/** Shows on a canvas where another has moved the camera: its next gesture continues there. */
export function takeOver({ surface }: Hands, transform: ZoomTransform): void {
  // d3-zoom begins a gesture from this property.
  surface.property('__zoom', transform);
  surface.style('touch-action', transform.k === 1 ? 'pan-y' : 'none');
}
