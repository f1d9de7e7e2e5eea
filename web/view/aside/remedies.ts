/** The changes that would give memory back, the most first. Those that the lab can run have a change to run. */
import type { PinReport } from '../../../src/analysis/index.js';
import type { Snapshot } from '../../../src/engine/index.js';
import type { ResidentParts } from '../../../src/map/index.js';
import { findServer, SERVERS } from '../../../src/model/index.js';

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

export interface Remedy {
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
  const remedies = isProgram(input.server) ? ofProgram(input) : ofServer(input);
  return remedies
    .map((remedy) => withMeasured(remedy, measured))
    .sort((a, b) => (b.bytes ?? -1) - (a.bytes ?? -1));
}

/** Whether a run has no server to command: it is of the trace of a program. */
function isProgram(server: string): boolean {
  return findServer(server) === undefined;
}

type Pattern = PinReport['patterns'][number];

/** Returns the remedy of the owner whose end would free most; none if no owner has a slab alone. */
function ofFirstOwner({ report, server }: RemedyInput): Remedy[] {
  const first = report?.patterns.find(({ pattern, aloneBytes }) => pattern !== null && aloneBytes > 0);
  return first === undefined ? [] : [endOf(first, server)];
}

/** Returns the remedy that ends an owner. Only a server has a command for it. */
function endOf({ pattern, aloneBytes: bytes }: Pattern, server: string): Remedy {
  return isProgram(server)
    ? { name: `Free what is left of ${pattern}`, how: 'a change of the program', bytes, change: null }
    : {
        name: `Delete the rest of ${pattern}`,
        how: 'its slabs and large extents drain',
        bytes,
        change: { steps: [`unlink ${pattern}`, 'purge'] },
      };
}

/** The name of a slab's owner in filters, and its remedy. */
export interface OwnerRemedy {
  readonly pattern: string;
  readonly remedy: Remedy;
}

export function remedyOfOwner(
  name: string,
  { report, server, measured }: Pick<RemedyInput, 'report' | 'server' | 'measured'>,
): OwnerRemedy | null {
  const found = report?.patterns.find(
    ({ pattern }) => pattern !== null && (name === pattern || name.startsWith(`${pattern} `)),
  );
  if (found === undefined || found.pattern === null) return null;
  return { pattern: found.pattern, remedy: withMeasured(endOf(found, server), measured) };
}

function ofProgram(input: RemedyInput): Remedy[] {
  const settings = [
    ['No decay', 'dirty_decay_ms:0', 'freed pages go at once'],
    ['One arena', 'narenas:1', 'threads share the slabs of one'],
    ['No thread caches', 'tcache:false', 'freed regions return at once'],
  ] as const;
  return [
    ...ofFirstOwner(input),
    ...settings.map(([name, conf, effect]) => ({
      name,
      how: `${conf}: ${effect}`,
      bytes: null,
      change: { conf },
    })),
  ];
}

function ofServer(input: RemedyInput): Remedy[] {
  const { parts, snapshot, order, server } = input;
  const { bytesAboveMinimum } = snapshot.drainprof;
  const next = versionAfter(server);
  return [
    ...ofFirstOwner(input),
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
