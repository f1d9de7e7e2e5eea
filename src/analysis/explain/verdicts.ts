/** Decides for each part of RSS whether to act, and with which command. */
import { MIB } from '../../base/index.js';
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';
import type { Explanation, PartName, Verdict } from './explanation.js';

/** A part that is smaller in share of RSS or in bytes is not worth acting on. */
const MIN_PART = { share: 0.05, bytes: 4 * MIB };
/** The size from which metadata justifies a restart. */
const MIN_METADATA = { share: 0.2, bytes: 64 * MIB };
/** Share of RSS that metadata usually has at most. */
const USUAL_METADATA_SHARE = 0.1;
/** The default of active-defrag-threshold-lower in Redis, as a share of allocated memory. */
const MIN_HOLES_SHARE = 0.1;
/** The default of active-defrag-ignore-bytes in Redis: activedefrag does not start below it. */
const DEFRAG_IGNORE_BYTES = 100 * MIB;
/** In smaller keys, entry, bucket, object and name take more than the value. */
const SMALL_KEY_BYTES = 200;
const MANY_KEYS = 10_000;

export interface Judgement {
  readonly verdict: Verdict;
  readonly server: readonly string[];
}

export interface VerdictContext {
  readonly info: ServerInfo;
  readonly stats: MallocStats | null;
  readonly bundled: boolean | null;
  readonly keys: Explanation['keys'];
}

/** Returns the verdict on a part of `bytes` bytes, and commands for the server. */
export function judge(name: PartName, bytes: number, context: VerdictContext): Judgement {
  const { info, keys } = context;
  const share = Math.abs(bytes) / info.sample.rss;
  if (share < minShareOf(name) || Math.abs(bytes) < MIN_PART.bytes) {
    return { verdict: 'none', server: [] };
  }
  const cli = `${info.product ?? 'redis'}-cli`;
  switch (name) {
    case 'data':
      return { verdict: haveSmallKeys(keys) ? 'key-design' : 'in-use', server: [`${cli} --memkeys`] };
    case 'buffers':
      return { verdict: 'clients', server: [buffersCommand(cli, info)] };
    case 'other':
      return { verdict: 'in-use', server: [`${cli} MODULE LIST`] };
    case 'parked-or-other':
      return { verdict: 'in-use', server: [`${cli} MEMORY MALLOC-STATS`] };
    case 'lua':
      return { verdict: 'scripts', server: [`${cli} SCRIPT FLUSH`] };
    case 'parked':
      return { verdict: 'wait', server: [] };
    case 'holes':
      return judgeHoles(cli, bytes, context);
    case 'padding':
      return { verdict: 'key-design', server: [`${cli} --memkeys`] };
    case 'dirty':
    case 'muzzy':
      return judgeDecay(cli, name, context);
    case 'dirty-or-metadata':
      return { verdict: 'purge', server: [`${cli} MEMORY PURGE`] };
    case 'metadata':
      return share < MIN_METADATA.share || bytes < MIN_METADATA.bytes
        ? { verdict: 'none', server: [] }
        : { verdict: 'restart', server: [replicas(cli)] };
    case 'process':
      return {
        verdict: 'not-jemalloc',
        server: ['grep -E "^(Rss|Anonymous|AnonHuge)" /proc/PID/smaps_rollup'],
      };
    case 'other-allocator':
      return { verdict: 'not-jemalloc', server: [] };
    case 'untouched':
    case 'sampling':
      return { verdict: 'none', server: [] };
  }
}

function minShareOf(name: PartName): number {
  return name === 'dirty-or-metadata' ? USUAL_METADATA_SHARE : MIN_PART.share;
}

function haveSmallKeys(keys: Explanation['keys']): boolean {
  return keys !== null && keys.count >= MANY_KEYS && keys.bytesEach < SMALL_KEY_BYTES;
}

function buffersCommand(cli: string, { buffers }: ServerInfo): string {
  const { clients, replicas, backlog, aof, clusterLinks } = buffers;
  if (clients >= Math.max(replicas, backlog, aof, clusterLinks)) return `${cli} CLIENT LIST`;
  return replicas + backlog >= aof + clusterLinks ? `${cli} INFO replication` : `${cli} INFO persistence`;
}

function judgeHoles(cli: string, bytes: number, { info, bundled }: VerdictContext): Judgement {
  if (bytes < MIN_HOLES_SHARE * info.sample.allocated) return { verdict: 'none', server: [] };
  if (bundled === false) return { verdict: 'restart', server: [replicas(cli)] };
  if (info.defragRunning) return { verdict: 'wait', server: [`${cli} INFO memory`] };
  const start = `${cli} CONFIG SET activedefrag yes`;
  return {
    verdict: 'defrag',
    server:
      bytes < DEFRAG_IGNORE_BYTES ? [`${cli} CONFIG SET active-defrag-ignore-bytes 1mb`, start] : [start],
  };
}

/** Returns a command that shows replicas to fail over to. No suggested command stops a server. */
function replicas(cli: string): string {
  return `${cli} INFO replication`;
}

function judgeDecay(cli: string, name: 'dirty' | 'muzzy', { stats }: VerdictContext): Judgement {
  const purge = [`${cli} MEMORY PURGE`];
  const decayMs = name === 'dirty' ? stats?.decay.dirtyMs : stats?.decay.muzzyMs;
  // An idle server without a background thread never purges.
  const staysForGood = decayMs === -1 || stats?.decay.backgroundThread === false;
  return { verdict: staysForGood ? 'purge' : 'wait', server: purge };
}
