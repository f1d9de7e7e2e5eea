/** Decides for each part of RSS whether to act, and with which command. */
import { MIB } from '../../base/index.js';
import type { DecayStats } from '../malloc-stats/malloc-stats.js';
import type { ServerInfo } from '../server/server-info.js';
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
  /** Null for a program that is no server. */
  readonly info: ServerInfo | null;
  /** The program, if its figures show it. */
  readonly program: string | null;
  readonly total: number;
  readonly allocated: number | null;
  readonly decay: DecayStats | null;
  readonly bundled: boolean | null;
  readonly keys: Explanation['keys'];
}

const NONE: Judgement = { verdict: 'none', server: [] };

/** Returns the verdict on a part of `bytes` bytes, and commands for the server. */
export function judge(name: PartName, bytes: number, context: VerdictContext): Judgement {
  const { info, keys, total } = context;
  const share = Math.abs(bytes) / total;
  if (share < minShareOf(name) || Math.abs(bytes) < MIN_PART.bytes) return NONE;
  const cli = info === null ? null : (info.product?.cli ?? 'redis-cli');
  const commands = (...words: string[]) => (cli === null ? [] : words.map((each) => `${cli} ${each}`));
  switch (name) {
    case 'data':
      return { verdict: haveSmallKeys(keys) ? 'key-design' : 'in-use', server: commands('--memkeys') };
    case 'live':
      return { verdict: 'in-use', server: [] };
    case 'buffers':
      return { verdict: 'clients', server: info === null ? [] : commands(buffersCommand(info)) };
    case 'other':
      return { verdict: 'in-use', server: commands('MODULE LIST') };
    case 'parked-or-other':
      return { verdict: 'in-use', server: hasMallocStats(info) ? commands('MEMORY MALLOC-STATS') : [] };
    case 'lua':
      return { verdict: 'scripts', server: commands('SCRIPT FLUSH') };
    case 'parked':
      return { verdict: 'wait', server: [] };
    case 'holes':
      return judgeHoles(bytes, context, commands);
    case 'padding':
      return { verdict: info === null ? 'restart' : 'key-design', server: commands('--memkeys') };
    case 'dirty':
    case 'muzzy':
      return judgeDecay(name, context, commands);
    case 'dirty-or-metadata':
      return { verdict: 'purge', server: purgeOf(context, commands) };
    case 'metadata':
      return share < MIN_METADATA.share || bytes < MIN_METADATA.bytes
        ? NONE
        : { verdict: 'restart', server: commands('INFO replication') };
    case 'process':
      return {
        verdict: 'not-jemalloc',
        server: ['grep -E "^(Rss|Anonymous|AnonHuge)" /proc/PID/smaps_rollup'],
      };
    case 'other-allocator':
      return { verdict: 'not-jemalloc', server: [] };
    case 'rest':
      return info === null || hasMallocStats(info)
        ? { verdict: 'measure', server: commands('MEMORY MALLOC-STATS') }
        : { verdict: 'not-jemalloc', server: [] };
    case 'untouched':
    case 'sampling':
      return NONE;
  }
}

type Commands = (...words: string[]) => string[];

/** Whether the server is one whose jemalloc prints its statistics on request. */
function hasMallocStats(info: ServerInfo | null): boolean {
  if (info === null || info.product?.otherAllocator != null) return false;
  return info.allocator === null || info.allocator.startsWith('jemalloc');
}

function minShareOf(name: PartName): number {
  return name === 'dirty-or-metadata' ? USUAL_METADATA_SHARE : MIN_PART.share;
}

function haveSmallKeys(keys: Explanation['keys']): boolean {
  return keys !== null && keys.count >= MANY_KEYS && keys.bytesEach < SMALL_KEY_BYTES;
}

function buffersCommand({ buffers }: ServerInfo): string {
  const [clients, replicas, backlog, aof, clusterLinks] = [
    buffers.clients,
    buffers.replicas,
    buffers.backlog,
    buffers.aof,
    buffers.clusterLinks,
  ].map((bytes) => bytes ?? 0) as [number, number, number, number, number];
  if (clients >= Math.max(replicas, backlog, aof, clusterLinks)) return 'CLIENT LIST';
  return replicas + backlog >= aof + clusterLinks ? 'INFO replication' : 'INFO persistence';
}

function judgeHoles(bytes: number, context: VerdictContext, commands: Commands): Judgement {
  const { info, bundled, allocated } = context;
  if (bytes < MIN_HOLES_SHARE * (allocated ?? 0)) return NONE;
  // A program has no command that moves its allocations, and neither has a server with a system's jemalloc.
  if (info === null || bundled === false) return { verdict: 'restart', server: commands('INFO replication') };
  if (info.defragRunning) return { verdict: 'wait', server: commands('INFO memory') };
  if (info.product?.hasConfig === false) return { verdict: 'defrag', server: [] };
  const start = 'CONFIG SET activedefrag yes';
  return {
    verdict: 'defrag',
    server:
      bytes < DEFRAG_IGNORE_BYTES
        ? commands('CONFIG SET active-defrag-ignore-bytes 1mb', start)
        : commands(start),
  };
}

function judgeDecay(name: 'dirty' | 'muzzy', context: VerdictContext, commands: Commands): Judgement {
  const { decay } = context;
  const decayMs = name === 'dirty' ? decay?.dirtyMs : decay?.muzzyMs;
  // An idle process without a background thread never purges.
  const staysForGood = decayMs === -1 || decay?.backgroundThread === false;
  return { verdict: staysForGood ? 'purge' : 'wait', server: purgeOf(context, commands) };
}

function purgeOf({ info, program }: VerdictContext, commands: Commands): string[] {
  if (info !== null) return commands('MEMORY PURGE');
  return program === 'clickhouse' ? ['clickhouse-client --query "SYSTEM JEMALLOC PURGE"'] : [];
}
