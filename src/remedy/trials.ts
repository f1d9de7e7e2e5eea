import type { PinReport, TypeProfile } from '../analysis/index.js';
import type { InputKind } from '../input/index.js';
import { SERVERS, Settings, setSetting, settingText } from '../model/index.js';
import { type PhaseResult, serverVersion } from '../run/index.js';
import { leastGain, type Remedy, type Trial } from './remedy.js';
import { canDefragment, type Setup } from './setup.js';

/** The facts of an input that its trials depend on. */
export interface Evidence {
  readonly setup: Setup;
  readonly owners: PinReport | undefined;
  readonly types: TypeProfile | undefined;
  /** The kind of the file; undefined for a workload. */
  readonly inputKind?: InputKind | undefined;
}

/** The number of patterns of keys whose deletion is tried. */
const PATTERNS_TRIED = 3;
/** A part of used_memory below this share is not worth a trial. */
const LEAST_SHARE = 0.05;
/** A pattern with a larger share of all keys' memory is the data set itself. */
const MOST_SHARE = 0.9;

const RESTART = 'restart';

/** Returns the trials of the remedies that apply. Several remedies share a trial, so that few replays are needed. */
export function trialsFor(evidence: Evidence): Trial[] {
  return [
    ...housekeeping(evidence),
    ...defragmentation(evidence),
    ...deletions(evidence),
    ...expiries(evidence),
    ...decay(evidence),
    ...encodings(evidence),
    ...newestVersion(evidence.setup),
  ];
}

/** A server that has just loaded a file is as after a restart, and has nothing to purge. */
function housekeeping({ inputKind }: Evidence): Trial[] {
  if (inputKind === 'rdb') return [];
  const purge: Remedy = { name: 'purge', kind: 'purge', beyond: undefined, caution: '' };
  return [
    {
      steps: ['purge', RESTART],
      remedies: new Map([
        [1, purge],
        [2, restart(RESTART)],
      ]),
    },
  ];
}

function restart(name: string, caution = 'the server is away while it saves and loads'): Remedy {
  return { name, kind: 'restart', beyond: undefined, caution };
}

/** Tries active defragmentation where the build has it. A server that has just loaded a file is not fragmented. */
function defragmentation({ setup, inputKind }: Evidence): Trial[] {
  if (inputKind === 'rdb' || inputKind === 'aof' || !canDefragment(setup)) return [];
  // Below 100 MiB of fragmentation a server would not begin, so that threshold is lowered first. What moved leaves dirty pages.
  const steps = ['set active-defrag-ignore-bytes=1mb', 'activedefrag', 'purge'];
  const caution = 'it takes time of a core while it runs';
  const remedy: Remedy = { name: 'activedefrag', kind: 'defrag', beyond: undefined, caution };
  return [{ steps, remedies: new Map([[steps.length, remedy]]) }];
}

type Patterns = PinReport['patterns'];

function patternsOf(owners: Evidence['owners']): Patterns[number][] {
  return (owners?.patterns ?? []).filter(({ pattern }) => pattern !== null);
}

/** Returns the patterns that hold most bytes, largest first. Keys that stay for good are not tried if they are the data set. */
function largestPatterns({ owners, types }: Evidence): Patterns[number][] {
  const patterns = patternsOf(owners);
  const least = (types?.usedMemory ?? 0) * LEAST_SHARE;
  const most = patterns.reduce((sum, { bytes }) => sum + bytes, 0) * MOST_SHARE;
  return patterns
    .filter((owner) => owner.bytes >= least && (owner.bytes <= most || allExpire(owner)))
    .sort((left, right) => right.bytes - left.bytes)
    .slice(0, PATTERNS_TRIED);
}

function allExpire({ keys }: Patterns[number]): boolean {
  return keys !== undefined && keys.count > 0 && keys.expiring === keys.count;
}

/** A longer time to live can be shortened to this one. */
const SHORT_LIFE_MS = 60_000;

const GO_SOONER = 'keys that expire anyway go sooner';

/** Tries a shorter life for patterns whose keys expire anyway. */
function expiries(evidence: Evidence): Trial[] {
  return largestPatterns(evidence)
    .filter((owner) => allExpire(owner) && (owner.keys?.latestMs ?? 0) > SHORT_LIFE_MS)
    .slice(0, 1)
    .map(({ pattern }) => {
      const expire = `expire ${pattern} 60s`;
      return {
        steps: [expire, 'purge'],
        remedies: new Map<number, Remedy>([
          [2, { name: expire, kind: 'expire', beyond: undefined, caution: GO_SOONER }],
        ]),
      };
    });
}

/** Tries the deletion of the largest patterns, alone and with a restart. */
function deletions(evidence: Evidence): Trial[] {
  return largestPatterns(evidence).map((owner) => {
    const unlink = `unlink ${owner.pattern}`;
    const about: Pick<Remedy, 'kind' | 'caution'> = allExpire(owner)
      ? { kind: 'expire', caution: GO_SOONER }
      : { kind: 'delete', caution: 'the keys are gone' };
    return {
      steps: [unlink, 'purge', RESTART],
      remedies: new Map<number, Remedy>([
        [2, { name: unlink, beyond: undefined, ...about }],
        [3, { name: `${unlink}, restart`, beyond: unlink, ...about }],
      ]),
    };
  });
}

/**
 * Tries an arena for the pattern in most slabs, where scattered survivors hold as much as a change of that size must give
 * back. After a load from a file nothing is scattered.
 */
export function ownArenas(
  { owners, inputKind }: Pick<Evidence, 'owners' | 'inputKind'>,
  { drainprof, memory }: PhaseResult,
): Trial[] {
  if (inputKind === 'rdb' || inputKind === 'aof') return [];
  if (drainprof.bytesAboveMinimum < leastGain('arena', 0) * memory.resident) return [];
  const [most] = patternsOf(owners).sort((left, right) => right.slabs - left.slabs);
  const arena = most?.pattern ?? undefined;
  if (arena === undefined) return [];
  const step = `arena ${arena}`;
  const remedy: Remedy = { name: step, kind: 'arena', beyond: undefined, caution: 'a server of their own' };
  return [{ steps: [step], remedies: new Map([[1, remedy]]), arena }];
}

/** Tries to give pages back at once. */
function decay({ setup: { conf }, inputKind }: Evidence): Trial[] {
  if (inputKind === 'rdb' || conf.includes('dirty_decay_ms')) return [];
  const step = 'conf dirty_decay_ms:0';
  const caution = 'pages are purged and faulted in again under traffic';
  return [
    { steps: [step], remedies: new Map([[1, { name: step, kind: 'conf', beyond: RESTART, caution }]]) },
  ];
}

/** The limits of listpacks, by type: of elements, and of their bytes. */
const LIMITS = [
  { type: 'hash', names: ['hash-max-listpack-entries', 'hash-max-listpack-value'] },
  { type: 'zset', names: ['zset-max-listpack-entries', 'zset-max-listpack-value'] },
  { type: 'set', names: ['set-max-listpack-entries', 'set-max-listpack-value'] },
] as const;
/** The factor by which a trial raises a limit. */
const RAISE = 4;

/** The parts of a key with a packed value. */
const PACKED_KINDS: ReadonlySet<string> = new Set(['key name', 'value object', 'listpack', 'intset']);

/** Tries larger limits of listpacks for types whose values are hash tables or skiplists to a good part. */
function encodings({ setup, types }: Evidence): Trial[] {
  if (types === undefined) return [];
  const { containers } = serverVersion(setup.server);
  return LIMITS.filter(({ type }) => {
    if (type === 'set' && !containers.listpackSets) return false;
    const bytes = types.kinds
      .filter(({ subject, kind }) => subject === type && !PACKED_KINDS.has(kind))
      .reduce((sum, figures) => sum + figures.bytes, 0);
    return bytes >= types.usedMemory * LEAST_SHARE;
  }).map(({ type, names }) => {
    const raised = names.map((name) => limitOf(name, setup) * RAISE);
    const steps = [...names.map((name, index) => `set ${name}=${raised[index]}`), RESTART];
    const remedy: Remedy = {
      name: `larger ${type} listpacks`,
      kind: 'encoding',
      beyond: RESTART,
      caution: `commands walk up to ${raised[0]} elements`,
    };
    return { steps, remedies: new Map([[steps.length, remedy]]) };
  });
}

/** Returns the limit that a server has: the one it was started with, or its default. */
function limitOf(name: string, { server, settings }: Setup): number {
  const tried = new Settings(serverVersion(server));
  const given = settings[name];
  if (given !== undefined) setSetting(tried, name, given);
  return Number(settingText(tried, name));
}

/** Tries the newest version of the same product. */
function newestVersion({ server }: Setup): Trial[] {
  const { product, rdbVersion } = serverVersion(server);
  const newest = SERVERS.filter((version) => version.product === product).at(-1);
  if (newest === undefined || newest.name === server || newest.rdbVersion < rdbVersion) return [];
  const step = `server ${newest.name}`;
  const remedy: Remedy = { name: step, kind: 'version', beyond: RESTART, caution: 'an upgrade' };
  return [{ steps: [step], remedies: new Map([[1, remedy]]) }];
}
