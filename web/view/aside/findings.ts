/** Findings of a workload about its runs, as tables with their sentences. */
import { FORMATS } from '../../../src/report/index.js';
import type { Recording } from '../../recordings.js';
import { element } from '../dom/element.js';

type Finding = NonNullable<NonNullable<Recording['result']>['findings']>[number];

export function showFindings(container: HTMLElement, findings: readonly Finding[] | undefined): void {
  container.hidden = findings === undefined || findings.length === 0;
  container.replaceChildren(
    ...(findings ?? []).flatMap(({ title, columns, rows, sentences }) => [
      element('h2', {}, title),
      element(
        'div',
        { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': title },
        element(
          'table',
          { class: 'classes' },
          element(
            'thead',
            {},
            element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column.title))),
          ),
          element(
            'tbody',
            {},
            ...rows.map((row) =>
              element(
                'tr',
                {},
                ...row.map((cell, at) => element('td', {}, cellText(cell, columns[at]!.unit))),
              ),
            ),
          ),
        ),
      ),
      ...sentences.map((sentence) => element('p', {}, sentence)),
    ]),
  );
}

function cellText(cell: Finding['rows'][number][number], unit: Finding['columns'][number]['unit']): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  if (unit === 'text') return `${cell}`;
  return unit === 'seconds' ? `${Math.round(cell)} s` : FORMATS[unit](cell);
}
