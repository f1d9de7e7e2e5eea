/** The table of figures in which two runs differ, which can be copied. */
import { type PairRow, pairMarkdown, rowTexts } from '../../../src/report/index.js';
import { copyButton } from '../dom/copy-button.js';
import { element } from '../dom/element.js';

export interface PairTable {
  show(rows: readonly PairRow[], names: readonly [string, string]): void;
}

export function pairTable(container: HTMLElement): PairTable {
  const body = element('tbody');
  let text = '';
  const copy = copyButton('Copy as Markdown', () => text, { quiet: true });
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
