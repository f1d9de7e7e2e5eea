/** Draws the marks of a plot as SVG elements, in which a point has the numbers of its cells. */
import type { Mark } from '../../src/report/index.js';

const NAMESPACE = 'http://www.w3.org/2000/svg';

export function markElements(marks: readonly Mark[]): SVGElement[] {
  return marks.flatMap((mark): SVGElement[] => {
    switch (mark.kind) {
      case 'text': {
        const { x, y, text, colour, role, isRightAligned = false } = mark;
        const anchor = isRightAligned ? { 'text-anchor': 'end' } : {};
        const made = svg('text', { x, y, fill: colour, class: `mark-${role}`, ...anchor });
        made.textContent = text;
        return [made];
      }
      case 'line': {
        const points = mark.points.map((point) => point.join()).join(' ');
        const { colour, width } = mark;
        return [svg('polyline', { points, fill: 'none', stroke: colour, 'stroke-width': width })];
      }
      case 'dot': {
        const { x, y, radius, colour, isHollow = false, cells } = mark;
        const look = isHollow ? { fill: 'none', stroke: colour, 'stroke-width': 1.5 } : { fill: colour };
        return [svg('circle', { cx: x, cy: y, r: radius, ...look, 'data-cells': cells.join(' ') })];
      }
      default:
        return [];
    }
  });
}

export function svg(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
  return made;
}
