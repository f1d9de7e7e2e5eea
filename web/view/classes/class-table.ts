import { formatBytes, formatCount, formatShare } from '../../../src/base/index.js';
import type { BuildInfo, Snapshot } from '../../../src/engine/index.js';
import { element } from '../dom/element.js';
import { classLabel } from '../map/gutter.js';
import { type ClassRow, classRows } from './rows.js';

interface Side {
  readonly snapshot: Snapshot;
  readonly info: BuildInfo;
}

export interface ClassTableHandle {
  /** Shows one run, or two side by side: each figure of the first is followed by that of the second. */
  show(sides: readonly Side[], selected: readonly number[]): void;
}

const SHOWN_AT_FIRST = 10;

/** Returns the table of size classes, most memory first. A chosen class stays on the map, and the others fade. */
export function classTable(container: HTMLElement, toggle: (size: number) => void): ClassTableHandle {
  const body = element('tbody');
  const heads = ['class', 'slabs', 'memory', 'regions', 'live', 'above min.'];
  const table = element(
    'table',
    { class: 'classes' },
    element('caption', {}, 'Size classes'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...heads.map((head) =>
          element('th', { scope: 'col', class: `head-${head.replaceAll(/[^a-z]+/g, '')}` }, head),
        ),
      ),
    ),
    body,
  );
  const more = element('button', { type: 'button', class: 'quiet' });
  container.append(element('div', { class: 'table-scroll' }, table), more);
  let isWhole = false;
  let last: Parameters<ClassTableHandle['show']> | null = null;
  more.addEventListener('click', () => {
    isWhole = !isWhole;
    if (last !== null) show(...last);
  });

  function show(sides: readonly Side[], selected: readonly number[]): void {
    last = [sides, selected];
    const tables = sides.map(({ snapshot, info }) => classRows(snapshot, info));
    const sizes = [...new Set(tables.flatMap((rows) => rows.map(({ size }) => size)))];
    const shown = isWhole ? sizes : sizes.filter((size, i) => i < SHOWN_AT_FIRST || selected.includes(size));
    const most = Math.max(1, ...tables.flatMap((rows) => rows.map(({ bytes }) => bytes)));
    const focused = document.activeElement?.closest('tr')?.dataset.size;
    body.replaceChildren(
      ...shown.map((size) => {
        const rows = tables.map((table) => table.find((row) => row.size === size));
        return rowElement(size, rows, most, selected.includes(size), () => toggle(size));
      }),
    );
    if (focused !== undefined) body.querySelector<HTMLElement>(`tr[data-size="${focused}"] button`)?.focus();
    more.hidden = sizes.length <= SHOWN_AT_FIRST;
    more.textContent = isWhole ? 'Only the largest' : `All ${sizes.length} classes`;
  }
  return { show };
}

type Rows = readonly (ClassRow | undefined)[];

function rowElement(
  size: number,
  rows: Rows,
  most: number,
  isSelected: boolean,
  toggle: () => void,
): HTMLTableRowElement {
  const choose = element('button', { type: 'button', 'aria-pressed': String(isSelected) }, classLabel(size));
  choose.setAttribute('aria-label', `${classLabel(size)}: class ${size} bytes`);
  const figures = (of: (row: ClassRow) => string) =>
    element('td', {}, rows.map((row) => (row === undefined ? '–' : of(row))).join(' → '));
  const row = element(
    'tr',
    { 'data-size': size, class: isSelected ? 'is-selected' : '' },
    element('th', { scope: 'row' }, choose),
    figures(({ slabs }) => formatCount(slabs)),
    figures(({ bytes }) => formatBytes(bytes)),
    element('td', { class: 'bars' }, ...rows.map((each) => (each === undefined ? '' : bar(each, most)))),
    figures(({ live, parked, free }) => formatShare(live / Math.max(1, live + parked + free))),
    figures(({ isLarge, aboveMinimum }) => (isLarge ? '–' : formatCount(aboveMinimum))),
  );
  row.addEventListener('click', toggle);
  return row;
}

/** Returns a bar as long as the memory of the class, divided into live, parked and free regions. */
function bar({ bytes, live, parked, free }: ClassRow, most: number): HTMLElement {
  const whole = Math.max(1, live + parked + free);
  const parts = [
    ['live', live],
    ['parked', parked],
    ['free', free],
  ] as const;
  const label = parts.map(([name, count]) => `${formatCount(count)} ${name}`).join(', ');
  return element(
    'span',
    {
      class: 'bar',
      role: 'img',
      'aria-label': label,
      title: label,
      style: `width:${Math.max(2, (bytes / most) * 100)}%`,
    },
    ...parts.map(([name, count]) =>
      element('i', { class: `part-${name}`, style: `flex-grow:${count / whole}` }),
    ),
  );
}
