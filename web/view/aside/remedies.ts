/** Lists the changes that would give memory back, the most first. Those that the lab can run have a button. */
import type { PinReport } from '../../../src/analysis/index.js';
import { formatBytes } from '../../../src/base/index.js';
import type { Snapshot } from '../../../src/engine/index.js';
import type { ResidentParts } from '../../../src/map/index.js';
import { findServer, SERVERS } from '../../../src/model/index.js';
import { element } from '../dom/element.js';

/** A change of the experiment, to run beside the shown one. */
export interface Change {
  readonly conf?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Changes after the traffic, in the words of `slablab whatif --then`. */
  readonly steps?: readonly string[];
}

export interface RemedyInput {
  readonly parts: ResidentParts;
  readonly snapshot: Snapshot;
  readonly report: PinReport | null;
  /** Value of the workload's parameter `order`; undefined if it has none. */
  readonly order: string | undefined;
  /** The modelled server. */
  readonly server: string;
  /** Bytes that changes were measured to give back, by `changeKey`. */
  readonly measured: ReadonlyMap<string, number>;
}

interface Remedy {
  readonly name: string;
  readonly how: string;
  /** Bytes that come back; null if only a run can tell. */
  readonly bytes: number | null;
  readonly change: Change | null;
  /** Whether `bytes` is that of a run. */
  readonly isMeasured?: boolean;
}

/** Returns a key of a change. */
export function changeKey(change: Change): string {
  return JSON.stringify([change.conf, change.parameters, change.steps]);
}

export function remediesOf(input: RemedyInput): Remedy[] {
  const { measured } = input;
  const remedies = input.server === PROGRAM ? ofProgram(input) : ofServer(input);
  return remedies
    .map((remedy) => withMeasured(remedy, measured))
    .sort((a, b) => (b.bytes ?? -1) - (a.bytes ?? -1));
}

/** The name of the server in a trace of a recorded program, which has none. */
const PROGRAM = 'program';

function ofProgram({ report }: RemedyInput): Remedy[] {
  const first = report?.patterns.find(({ pattern, aloneBytes }) => pattern !== null && aloneBytes > 0);
  const settings = [
    ['No decay', 'dirty_decay_ms:0', 'freed pages go at once'],
    ['One arena', 'narenas:1', 'threads share the slabs of one'],
    ['No thread caches', 'tcache:false', 'freed regions return at once'],
  ] as const;
  return [
    ...(first === undefined
      ? []
      : [
          {
            name: `Free what is left of ${first.pattern}`,
            how: 'a change of the program',
            bytes: first.aloneBytes,
            change: null,
          },
        ]),
    ...settings.map(([name, conf, effect]) => ({
      name,
      how: `${conf}: ${effect}`,
      bytes: null,
      change: { conf },
    })),
  ];
}

function ofServer({ parts, snapshot, report, order, server }: RemedyInput): Remedy[] {
  const first = report?.patterns.find(({ pattern, aloneBytes }) => pattern !== null && aloneBytes > 0);
  const { bytesAboveMinimum } = snapshot.drainprof;
  const next = versionAfter(server);
  return [
    ...(first === undefined
      ? []
      : [
          {
            name: `Delete the rest of ${first.pattern}`,
            how: 'its slabs and large extents drain',
            bytes: first.aloneBytes,
            change: { steps: [`unlink ${first.pattern}`, 'purge'] },
          },
        ]),
    {
      name: 'Active defragmentation',
      how: 'packs the survivors, then purges',
      bytes: bytesAboveMinimum,
      change: { steps: ['activedefrag', 'purge'] },
    },
    {
      name: 'Restart',
      how: 'save, and load the data set anew',
      bytes: bytesAboveMinimum + parts.dirty,
      change: { steps: ['restart'] },
    },
    {
      name: 'MEMORY PURGE',
      how: parts.dirty === 0 ? 'no freed pages are waiting' : 'freed pages go at once',
      bytes: parts.dirty,
      change: parts.dirty === 0 ? null : { steps: ['purge'] },
    },
    {
      name: 'No decay',
      how: 'dirty_decay_ms:0 from the start',
      bytes: null,
      change: { conf: 'dirty_decay_ms:0' },
    },
    ...(next === null
      ? []
      : [
          {
            name: `Upgrade to ${next}`,
            how: 'save, and load the data set there',
            bytes: null,
            change: { steps: [`server ${next}`] },
          },
        ]),
    ...(order === undefined || order === 'sequential'
      ? []
      : [
          {
            name: 'Delete neighbours instead',
            how: 'order=sequential, and no decay',
            bytes: null,
            change: { parameters: { order: 'sequential' }, conf: 'dirty_decay_ms:0' },
          },
        ]),
  ];
}

function withMeasured(remedy: Remedy, measured: RemedyInput['measured']): Remedy {
  const bytes = remedy.change === null ? undefined : measured.get(changeKey(remedy.change));
  return bytes === undefined ? remedy : { ...remedy, bytes, isMeasured: true };
}

/** Returns the version of a product after a server's; null if it is the newest. */
function versionAfter(name: string): string | null {
  const product = findServer(name)?.product;
  const versions = SERVERS.filter((server) => server.product === product);
  return versions[versions.findIndex((server) => server.name === name) + 1]?.name ?? null;
}

export interface RemediesHandle {
  /** Shows remedies; null while the run that they are for has not ended. */
  show(remedies: readonly Remedy[] | null): void;
}

/** Number of remedies that are shown at first. */
const SHOWN_AT_FIRST = 4;

export function remediesList(container: HTMLElement, run: ((change: Change) => void) | null): RemediesHandle {
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
    list.replaceChildren(...shown.map((remedy) => element('li', {}, item(remedy, run))));
    more.textContent = isWhole ? 'Fewer' : `All ${remedies.length} remedies`;
  }
  return { show };
}

function item(remedy: Remedy, run: ((change: Change) => void) | null): HTMLElement {
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
