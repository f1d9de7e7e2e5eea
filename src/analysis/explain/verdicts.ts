/** What is to be done about a part, if anything, and with which command. */
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';
import type { Explanation, PartName, Verdict } from './explanation.js';

const MIB = 1024 * 1024;

/** Below one of these there is nothing to gain. */
const WORTH = { share: 0.05, bytes: 4 * MIB };
/** Records of what was: a restart for less would be out of proportion. */
const RECORDS_WORTH = { share: 0.2, bytes: 64 * MIB };
/** jemalloc's records on a server that has nothing else of note. */
const RECORDS_USUAL = 0.1;
/** Redis's default active-defrag-threshold-lower. */
const HOLES_WORTH = 0.1;
/** Redis's default active-defrag-ignore-bytes: below it, activedefrag does not start. */
const DEFRAG_IGNORES = 100 * MIB;
/** Of small keys entry, bucket, object and name take more than the value. */
const SMALL_KEY_BYTES = 200;
const MANY_KEYS = 10_000;

export interface Judged {
  readonly verdict: Verdict;
  readonly server: readonly string[];
}

export interface Circumstances {
  readonly info: ServerInfo;
  readonly stats: MallocStats | null;
  readonly bundled: boolean | null;
  readonly keys: Explanation['keys'];
}

export function judge(name: PartName, bytes: number, circumstances: Circumstances): Judged {
  const { info, keys } = circumstances;
  const share = Math.abs(bytes) / info.sample.rss;
  if (share < worthOf(name) || Math.abs(bytes) < WORTH.bytes) {
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
      return aboutHoles(cli, bytes, circumstances);
    case 'padding':
      return { verdict: 'key-design', server: [`${cli} --memkeys`] };
    case 'dirty':
    case 'muzzy':
      return aboutDecay(cli, name, circumstances);
    case 'dirty-or-metadata':
      return { verdict: 'purge', server: [`${cli} MEMORY PURGE`] };
    case 'metadata':
      return share < RECORDS_WORTH.share || bytes < RECORDS_WORTH.bytes
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

function worthOf(name: PartName): number {
  return name === 'dirty-or-metadata' ? RECORDS_USUAL : WORTH.share;
}

function haveSmallKeys(keys: Explanation['keys']): boolean {
  return keys !== null && keys.count >= MANY_KEYS && keys.bytesEach < SMALL_KEY_BYTES;
}

function buffersCommand(cli: string, { buffers }: ServerInfo): string {
  const { clients, replicas, backlog, aof, clusterLinks } = buffers;
  if (clients >= Math.max(replicas, backlog, aof, clusterLinks)) return `${cli} CLIENT LIST`;
  return replicas + backlog >= aof + clusterLinks ? `${cli} INFO replication` : `${cli} INFO persistence`;
}

function aboutHoles(cli: string, bytes: number, { info, bundled }: Circumstances): Judged {
  if (bytes < HOLES_WORTH * info.sample.allocated) return { verdict: 'none', server: [] };
  if (bundled === false) return { verdict: 'restart', server: [replicas(cli)] };
  if (info.defragRunning) return { verdict: 'wait', server: [`${cli} INFO memory`] };
  const start = `${cli} CONFIG SET activedefrag yes`;
  return {
    verdict: 'defrag',
    server: bytes < DEFRAG_IGNORES ? [`${cli} CONFIG SET active-defrag-ignore-bytes 1mb`, start] : [start],
  };
}

/** Nobody is handed a command that stops a server; who has replicas can fail over. */
function replicas(cli: string): string {
  return `${cli} INFO replication`;
}

function aboutDecay(cli: string, name: 'dirty' | 'muzzy', { stats }: Circumstances): Judged {
  const purge = [`${cli} MEMORY PURGE`];
  const decayMs = name === 'dirty' ? stats?.decay.dirtyMs : stats?.decay.muzzyMs;
  // Without a background thread an idle server keeps what it has.
  const staysForGood = decayMs === -1 || stats?.decay.backgroundThread === false;
  return { verdict: staysForGood ? 'purge' : 'wait', server: purge };
}
