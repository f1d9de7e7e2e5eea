/** Lists the changes that would give memory back. Those that the lab can run have a button. */
import { formatBytes } from '../../../src/base/index.js';
import { element } from '../dom/element.js';
import type { Change, Remedy } from './remedies.js';

/** Runs a change beside the shown run; null if nothing can be run here. */
export type RunBeside = ((change: Change) => void) | null;

export interface RemediesHandle {
  /** Shows remedies; null while the run that they are for has not ended. */
  show(remedies: readonly Remedy[] | null): void;
}

/** Number of remedies that are shown at first. */
const SHOWN_AT_FIRST = 4;

export function remediesList(container: HTMLElement, run: RunBeside): RemediesHandle {
  const list = element('ul', { class: 'remedies' });
  const more = element('button', { type: 'button', class: 'quiet' });
  const note = element('p', { class: 'aside-note' });
  container.append(
    element('div', { class: 'aside-head' }, element('h2', {}, 'What would free it'), more),
    note,
    list,
  );
  let isWhole = false;
  let last: readonly Remedy[] | null = null;
  more.addEventListener('click', () => {
    isWhole = !isWhole;
    show(last);
  });
  function show(remedies: readonly Remedy[] | null): void {
    last = remedies;
    list.hidden = remedies === null;
    more.hidden = remedies === null || remedies.length <= SHOWN_AT_FIRST;
    note.textContent =
      remedies === null
        ? 'Known when the run has ended.'
        : run === null
          ? ''
          : 'Each runs beside this one, so that you see what changes.';
    if (remedies === null) return;
    const shown = isWhole ? remedies : remedies.slice(0, SHOWN_AT_FIRST);
    list.replaceChildren(...shown.map((remedy) => element('li', {}, remedyItem(remedy, run))));
    more.textContent = isWhole ? 'Fewer' : `All ${remedies.length} remedies`;
  }
  return { show };
}

/** Returns a remedy with its figure, as a button if it can be run here. */
export function remedyItem(remedy: Remedy, run: RunBeside): HTMLElement {
  const { name, how, bytes, change, isMeasured = false } = remedy;
  const isRun = change !== null && run !== null;
  const contents = [
    element('b', {}, name),
    element('span', { class: `remedy-figure ${isMeasured ? 'is-measured' : ''}` }, figureOf(remedy)),
    element('small', {}, isMeasured ? `${how}; measured` : how),
  ];
  const state = bytes === 0 ? 'remedy is-nothing' : 'remedy';
  if (!isRun) return element('div', { class: state }, ...contents);
  const button = element('button', { type: 'button', class: state }, ...contents);
  button.addEventListener('click', () => run(change));
  return button;
}

/** Returns what a remedy gives back: about, as long as no run has measured it. */
function figureOf({ bytes, isMeasured = false }: Remedy): string {
  if (bytes === null) return '?';
  if (bytes === 0) return '0 B';
  const sign = bytes > 0 ? '−' : '+';
  return `${isMeasured ? '' : 'about '}${sign}${formatBytes(Math.abs(bytes))}`;
}
