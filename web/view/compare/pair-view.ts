/** Shows two runs beside their maps: the answer about both, a table, a chart, and the map of their difference. */
import { pairAnswer, pairRows } from '../../../src/report/index.js';
import { element } from '../dom/element.js';
import type { Camera } from '../map/camera.js';
import type { Moment } from '../moment.js';
import { type DifferencePane, differencePane } from './difference-pane.js';
import { type ChartSide, pairChart } from './pair-chart.js';
import { pairTable } from './pair-table.js';

/** One of two runs at its moment, and over time. */
export interface ShownSide extends ChartSide {
  readonly title: string;
  readonly moment: Moment;
}

export interface PairView {
  readonly answer: HTMLElement;
  readonly table: HTMLElement;
  readonly chart: HTMLElement;
  readonly difference: DifferencePane;
  /** Shows two runs; null hides all but the map. */
  show(sides: readonly ShownSide[] | null): void;
}

export function pairView(camera: Camera, rested: () => void): PairView {
  const sentence = element('h1', { class: 'sentence', 'aria-live': 'polite' });
  const reason = element('p', { class: 'reason' });
  const answer = element('section', { class: 'pair-answer', 'aria-label': 'Comparison' }, sentence, reason);
  const tableRoot = element('section', { class: 'pair', 'aria-label': 'What differs' });
  const chartRoot = element('section', { class: 'pair-over-time', 'aria-label': 'Both runs over time' });
  const table = pairTable(tableRoot);
  const chart = pairChart(chartRoot);
  return {
    answer,
    table: tableRoot,
    chart: chartRoot,
    difference: differencePane(camera, rested),
    show(sides) {
      for (const part of [answer, tableRoot, chartRoot]) part.hidden = sides === null;
      const [a, b] = sides ?? [];
      if (a === undefined || b === undefined) return;
      const { sentence: pieces, reason: why } = pairAnswer(a.moment, b.moment);
      sentence.replaceChildren(
        ...pieces.map(({ text, tone }) =>
          tone === 'plain' ? text : element('em', { class: `tone-${tone}` }, text),
        ),
      );
      reason.textContent = why;
      table.show(pairRows(a.moment, b.moment), [a.title, b.title]);
      chart.show([a, b]);
    },
  };
}

/** Returns the letter of a run: A is the first, B the second. */
export function letter(side: 0 | 1): HTMLElement {
  return element('span', { class: `letter letter-${side === 0 ? 'a' : 'b'}` }, side === 0 ? 'A' : 'B');
}
