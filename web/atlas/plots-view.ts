/** The plots beside an atlas. A point is a cell, or several equal ones: hovering marks them, a press opens the first. */
import type { Ground } from '../../src/map/index.js';
import {
  type Atlas,
  atlasAnswer,
  axisPlot,
  axisPlotMarks,
  costOf,
  frontPlot,
  frontPlotMarks,
  type Mark,
} from '../../src/report/index.js';
import { element } from '../view/dom/element.js';
import type { AtlasState } from './atlas-state.js';
import { markElements, svg } from './marks.js';

const SIZE = { width: 352, height: 220 };
const LETTER_WIDTH = 6.6;

export interface CellEvents {
  readonly hover: (cells: readonly number[]) => void;
  readonly open: (cell: number, isSecond: boolean) => void;
}

export function showPlots(
  container: HTMLElement,
  atlas: Atlas,
  { figure, values }: AtlasState,
  ground: Ground,
  events: CellEvents,
): void {
  const { best } = atlasAnswer(atlas, figure);
  const box = { x: 0, y: 0, ...SIZE, ground, letterWidth: LETTER_WIDTH };
  const over = axisPlot(atlas, figure, values);
  const cost = costOf(atlas, figure);
  const plots: [string, Mark[]][] = [];
  if (over !== null) plots.push([`The figure by ${over.axis.name}`, axisPlotMarks(over, figure, box)]);
  if (cost !== null) {
    const marks = frontPlotMarks(frontPlot(atlas, cost, figure), cost, figure, best, box);
    plots.push(['The figure against its cost', marks]);
  }
  container.replaceChildren(...plots.map(([name, marks]) => plot(name, marks, events)));
}

function plot(name: string, marks: readonly Mark[], { hover, open }: CellEvents): HTMLElement {
  const drawing = svg('svg', {
    viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
    role: 'img',
    'aria-label': `${name}; the table has the values`,
  });
  drawing.append(...markElements(marks));
  for (const point of drawing.querySelectorAll<SVGElement>('circle')) {
    const cells = (point.dataset.cells ?? '').split(' ').map(Number);
    point.addEventListener('pointerenter', () => hover(cells));
    point.addEventListener('pointerleave', () => hover([]));
    point.addEventListener('click', (event) => open(cells[0]!, event.shiftKey));
  }
  const figure = element('figure', { class: 'atlas-plot' });
  figure.append(drawing);
  return figure;
}
