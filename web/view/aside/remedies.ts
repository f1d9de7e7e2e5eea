/** Lists the changes that would give memory back, the most first. Those that the lab can run have a button. */
import type { PinReport } from '../../../src/analysis/index.js';
import { formatBytes } from '../../../src/base/index.js';
import type { Snapshot } from '../../../src/engine/index.js';
import type { ResidentParts } from '../../../src/map/index.js';
import { element } from '../dom/element.js';

/** A change of the experiment, to run beside the shown one. */
export interface Change {
  readonly conf?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface RemedyInput {
  readonly parts: ResidentParts;
  readonly snapshot: Snapshot;
  readonly report: PinReport | null;
  /** Value of the workload's parameter `order`; undefined if it has none. */
  readonly order: string | undefined;
}

interface Remedy {
  readonly name: string;
  readonly how: string;
  /** Bytes that come back; null if only a run can tell. */
  readonly bytes: number | null;
  readonly change: Change | null;
}

export function remediesOf({ parts, snapshot, report, order }: RemedyInput): Remedy[] {
  const first = report?.patterns.find(({ pattern, aloneBytes }) => pattern !== null && aloneBytes > 0);
  const { bytesAboveMinimum } = snapshot.drainprof;
  const known: Remedy[] = [
    ...(first === undefined
      ? []
      : [
          {
            name: `Delete the rest of ${first.pattern}`,
            how: 'its slabs and large extents drain',
            bytes: first.aloneBytes,
            change: null,
          },
        ]),
    {
      name: 'Pack the survivors',
      how: 'activedefrag yes, or a restart',
      bytes: bytesAboveMinimum,
      change: null,
    },
    {
      name: 'MEMORY PURGE, or no decay',
      how: parts.dirty === 0 ? 'no freed pages are waiting' : 'freed pages go at once',
      bytes: parts.dirty,
      change: parts.dirty === 0 ? null : { conf: 'dirty_decay_ms:0' },
    },
  ];
  known.sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
  if (order === undefined || order === 'sequential') return known;
  const neighbours = {
    name: 'Delete neighbours instead',
    how: 'order=sequential, and no decay',
    bytes: null,
    change: { parameters: { order: 'sequential' }, conf: 'dirty_decay_ms:0' },
  };
  return [...known.slice(0, 2), neighbours, ...known.slice(2)];
}

export interface RemediesHandle {
  show(remedies: readonly Remedy[]): void;
}

export function remediesList(container: HTMLElement, run: ((change: Change) => void) | null): RemediesHandle {
  const list = element('ul', { class: 'remedies' });
  container.append(element('h2', {}, 'What would free it'), list);
  return {
    show(remedies) {
      list.replaceChildren(...remedies.map((remedy) => element('li', {}, item(remedy, run))));
    },
  };
}

function item({ name, how, bytes, change }: Remedy, run: ((change: Change) => void) | null): HTMLElement {
  const isRun = change !== null && run !== null;
  const figure = bytes === null ? '?' : bytes === 0 ? '0 B' : `−${formatBytes(bytes)}`;
  const contents = [
    element('b', {}, name),
    element('span', { class: 'remedy-figure' }, figure),
    element('small', {}, isRun ? `${how}; run beside` : how),
  ];
  const state = bytes === 0 ? 'remedy is-nothing' : 'remedy';
  if (!isRun) return element('div', { class: state }, ...contents);
  const button = element('button', { type: 'button', class: state }, ...contents);
  button.addEventListener('click', () => run(change));
  return button;
}
