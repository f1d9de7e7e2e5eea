import { pointer } from 'd3';

/** Calls `follow` with the place, in pixels from the left of a chart, at which a pointer is pressed or dragged. */
export function followPointer(svg: SVGSVGElement, follow: (x: number) => void): void {
  const at = (event: PointerEvent) => follow(pointer(event, svg)[0]);
  svg.addEventListener('pointerdown', (event) => {
    svg.setPointerCapture(event.pointerId);
    at(event);
  });
  svg.addEventListener('pointermove', (event) => {
    if (event.buttons === 1) at(event);
  });
}
