/** All cells of an atlas as a table: the values of axes, and every figure. */
import { type Atlas, FIGURE_TITLES, figuresIn, figureText, valueText } from '../../src/report/index.js';
import { element } from '../view/dom/element.js';
import type { CellEvents } from './plots-view.js';

export function showCellTable(
  container: HTMLElement,
  atlas: Atlas,
  best: number | null,
  { hover, open }: CellEvents,
): void {
  const { axes, cells } = atlas;
  const figures = figuresIn(atlas);
  const heads = [...axes.map(({ name }) => name), ...figures.map((figure) => FIGURE_TITLES[figure])];
  container.replaceChildren(
    element(
      'table',
      { class: 'atlas-table' },
      element('caption', {}, 'All cells'),
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      element(
        'tbody',
        {},
        ...cells.map(({ cell, values, figures: measured, error }) => {
          const names = axes.map(({ name }) => valueText(name, values[name] ?? ''));
          const choose = element('button', { type: 'button', class: 'link' }, names[0] ?? `${cell}`);
          choose.addEventListener('click', (event) => open(cell, event.shiftKey));
          const texts = figures.map((figure) => {
            const value = measured?.[figure] ?? null;
            return value === null ? '–' : figureText(figure, value);
          });
          const row = element(
            'tr',
            { 'data-cell': cell, class: cell === best ? 'is-best' : '' },
            element('th', { scope: 'row' }, choose),
            ...names.slice(1).map((name) => element('td', {}, name)),
            ...(error === null
              ? texts.map((text) => element('td', {}, text))
              : [element('td', { colspan: Math.max(1, figures.length) }, error)]),
          );
          row.addEventListener('pointerenter', () => hover([cell]));
          row.addEventListener('pointerleave', () => hover([]));
          return row;
        }),
      ),
    ),
  );
}
