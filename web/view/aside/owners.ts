/** The list of those who pin memory: key patterns and parts of the server, those first whose end would free most. */
import type { PinReport } from '../../../src/analysis/index.js';
import { formatBytes, plural } from '../../../src/base/index.js';
import { partyName } from '../../../src/report/index.js';
import type { View } from '../../state.js';
import { element } from '../dom/element.js';
import type { OwnersThen } from '../moment.js';

type Pattern = PinReport['patterns'][number];

export interface OwnersHandle {
  /** Shows the owners at a moment. Those of a run that still grows are not known yet. */
  show(owners: OwnersThen | null, phase: string, chosen: readonly string[], isGrowing: boolean): void;
}

const SHOWN_AT_FIRST = 4;
/** Share of the largest amount from which an amount has a bar. */
const SMALLEST_BAR = 0.02;

export function ownersList(container: HTMLElement, view: View): OwnersHandle {
  const search = element('input', {
    type: 'search',
    class: 'search',
    placeholder: 'Find an owner',
    'aria-label': 'Find an owner',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const moment = element('span', { class: 'aside-note' });
  const body = element('tbody');
  const table = element(
    'table',
    { class: 'owners-table' },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, 'held by'),
        element('th', { scope: 'col' }, 'in use'),
        element('th', { scope: 'col' }, 'would come back if it were gone'),
      ),
    ),
    body,
  );
  const more = element('button', { type: 'button', class: 'quiet' });
  const none = element('p', { class: 'aside-note' });
  container.append(
    element('div', { class: 'aside-head' }, element('h2', {}, 'What pins it'), moment, search),
    table,
    more,
    none,
  );
  let isWhole = false;
  let last: Parameters<OwnersHandle['show']> = [null, '', [], false];
  more.addEventListener('click', () => {
    isWhole = !isWhole;
    show(...last);
  });
  search.addEventListener('input', () => show(...last));

  function show(...now: Parameters<OwnersHandle['show']>): void {
    last = now;
    const [owners, phase, chosen, isGrowing] = now;
    for (const part of [search, table]) part.hidden = owners === null;
    more.hidden = owners === null;
    none.hidden = owners !== null;
    moment.textContent = owners === null || owners.phase === phase ? '' : `at ${owners.phase}`;
    if (owners === null) {
      none.textContent = isGrowing
        ? 'Known when the run has ended.'
        : 'The owners of this run were not recorded (--owners).';
      return;
    }
    const { patterns, owners: kinds } = owners.report;
    const wanted = search.value.trim().toLowerCase();
    const found = patterns.filter((pattern) => partyName(pattern).toLowerCase().includes(wanted));
    const rows = isWhole || wanted !== '' ? found : found.slice(0, SHOWN_AT_FIRST);
    const most = Math.max(1, ...patterns.map(({ aloneBytes }) => aloneBytes));
    const focused = document.activeElement?.closest('tr')?.dataset.owner;
    body.replaceChildren(
      ...rows.map((pattern) => {
        const name = nameInFilters(pattern);
        return row(pattern, keysOf(pattern, kinds), most, chosen.includes(name), () =>
          view.change({ owners: chosen.includes(name) ? [] : [name] }),
        );
      }),
    );
    if (focused !== undefined)
      body.querySelector<HTMLElement>(`tr[data-owner="${CSS.escape(focused)}"] button`)?.focus();
    more.hidden = wanted !== '' || found.length <= SHOWN_AT_FIRST;
    more.textContent = isWhole ? 'Only the largest' : `All ${plural(found.length, 'owner')}`;
    none.hidden = rows.length > 0;
    none.textContent = `No owner has “${search.value.trim()}” in its name.`;
  }
  return { show };
}

/** Returns the name by which the map's filter finds the regions of a pattern. */
function nameInFilters({ pattern, subject }: Pattern): string {
  return pattern ?? `(${subject})`;
}

/** Returns the number of keys with names of their own; 0 if servers of this version embed the names. */
function keysOf({ pattern }: Pattern, kinds: PinReport['owners']): number {
  if (pattern === null) return 0;
  return kinds
    .filter((owner) => owner.pattern === pattern && owner.kind === 'key name')
    .reduce((sum, { regions }) => sum + regions, 0);
}

function row(
  pattern: Pattern,
  keys: number,
  most: number,
  isChosen: boolean,
  toggle: () => void,
): HTMLElement {
  const { bytes, slabs, regions, aloneBytes } = pattern;
  const choose = element('button', { type: 'button', 'aria-pressed': String(isChosen) }, partyName(pattern));
  const what = keys > 0 ? plural(keys, 'key') : plural(regions, 'region');
  const made = element(
    'tr',
    { 'data-owner': nameInFilters(pattern), class: isChosen ? 'is-selected' : '' },
    element(
      'th',
      { scope: 'row' },
      choose,
      // Parts of the server have no keys, which saves their rows a line.
      ...(pattern.pattern === null ? [] : [element('small', {}, `${what} in ${plural(slabs, 'slab')}`)]),
    ),
    element('td', {}, formatBytes(bytes)),
    element(
      'td',
      {},
      element('b', {}, formatBytes(aloneBytes)),
      ...(aloneBytes < SMALLEST_BAR * most
        ? []
        : [element('i', { class: 'amount-bar', style: `width:${(100 * aloneBytes) / most}%` })]),
    ),
  );
  made.addEventListener('click', toggle);
  return made;
}
