/** The table of figures in which two runs differ, which can be copied. */
import { type PairRow, pairMarkdown, rowTexts } from '../../../src/report/index.js';
import { element } from '../dom/element.js';

const COPIED_MS = 2000;

export interface PairTable {
  show(rows: readonly PairRow[], names: readonly [string, string]): void;
}

export function pairTable(container: HTMLElement): PairTable {
  const body = element('tbody');
  const copy = element('button', { type: 'button', class: 'quiet' }, 'Copy as Markdown');
  let text = '';
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => {
        copy.textContent = 'Copied';
        setTimeout(() => {
          copy.textContent = 'Copy as Markdown';
        }, COPIED_MS);
      },
      () => copy.replaceChildren('The browser does not let this page copy'),
    );
  });
  container.append(
    element('h2', {}, 'What differs'),
    element(
      'table',
      { class: 'pair-table' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...['figure', 'A', 'B', 'A − B'].map((head) => element('th', { scope: 'col' }, head)),
        ),
      ),
      body,
    ),
    copy,
  );
  return {
    show(rows, names) {
      text = pairMarkdown(rows, names);
      body.replaceChildren(
        ...rows.map((row) =>
          element(
            'tr',
            { class: row.a === row.b ? 'is-same' : '' },
            element('th', { scope: 'row' }, row.name),
            ...rowTexts(row).map((each) => element('td', {}, each)),
          ),
        ),
      );
    },
  };
}
