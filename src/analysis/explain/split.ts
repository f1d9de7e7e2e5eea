/**
 * Splits RSS into parts that always add up to it. jemalloc's own figures split the memory that it counts; the rest is
 * outside jemalloc.
 */
import { MIB } from '../../base/index.js';
import type { MallocStats } from '../malloc-stats/malloc-stats.js';
import type { WholeSample } from '../server/memory-sample.js';
import type { ServerInfo } from '../server/server-info.js';
import type { PartName } from './explanation.js';
import { unbackedByInfo, unbackedByStats } from './unbacked.js';

export type Split = ReadonlyMap<PartName, number>;

/** The largest difference between INFO's sample and the statistics that counts as none. */
const SAME_MOMENT = { bytes: MIB, share: 0.02 };

/** Whether a figure of INFO's sample and of the statistics, in bytes, can be of one moment. */
export function isSameMoment(info: number, stats: number): boolean {
  const difference = Math.abs(info - stats);
  return difference <= SAME_MOMENT.bytes || difference <= SAME_MOMENT.share * Math.max(info, stats);
}

/** Splits RSS by INFO and whole MALLOC-STATS. `bundled` is the result of hasBundledJemalloc. */
export function splitByStats(
  info: ServerInfo,
  rss: number,
  stats: MallocStats,
  bundled: boolean | null,
): Split {
  const { totals, pools, bins, largeBytes } = stats;
  const slabs = bins.reduce((sum, { curslabs, pages }) => sum + curslabs * pages * stats.pageSize, 0);
  const muzzyIsResident = countsMuzzyAsResident(stats);
  const base = totals.resident - totals.active - pools.dirty - (muzzyIsResident ? pools.muzzy : 0);
  const sampled = info.sample.resident ?? totals.resident;
  const sample = isSameMoment(sampled, totals.resident) ? totals.resident : sampled;
  const unbacked = unbackedByStats(info, stats);
  const split = new Map<PartName, number>([
    ['parked', pools.parked ?? 0],
    ['holes', slabs - (totals.allocated - largeBytes)],
    ['padding', totals.active - slabs - largeBytes],
    ['dirty', pools.dirty],
    ['muzzy', pools.muzzy],
    ['metadata', Math.max(0, base - unbacked) + pools.internal],
    ['sampling', sample - totals.resident],
  ]);
  // jemalloc 4 does not print what tcaches hold.
  const rest = pools.parked === null ? 'parked-or-other' : 'other';
  addLive(split, info, totals.allocated - (pools.parked ?? 0) - pools.internal, rest);
  const muzzyBeside = muzzyIsResident ? 0 : pools.muzzy;
  const outside = rss - sample - muzzyBeside + unbacked;
  addOutside(split, info, { rss, outside, unbackedBeyond: Math.max(0, unbacked - base), bundled });
  return split;
}

/**
 * Whether `resident` includes muzzy pages, as it does up to jemalloc 5.2. Apart from them, `resident` without active and
 * dirty pages is metadata, so the assumption that is closer to `metadata` holds.
 */
function countsMuzzyAsResident({ totals, pools }: MallocStats): boolean {
  const rest = totals.resident - totals.active - pools.dirty;
  const records = totals.metadata - pools.internal;
  return Math.abs(rest - pools.muzzy - records) < Math.abs(rest - records);
}

/**
 * Minimum of the memory of code, libraries and stacks. Measured in smaps: 5 to 5.9 MiB for servers built from their own
 * sources (Redis 6: 3.9 MiB), 10.5 MiB for Debian's.
 */
const PROCESS_FLOOR = { bundled: 5 * MIB, bundledBefore7: 3.75 * MIB, system: 10 * MIB };
/** Maximum share of RSS for that minimum. If RSS is smaller, the system has reclaimed some of the code as well. */
const FLOOR_SHARE = 0.8;

/** Splits RSS by INFO alone. */
export function splitByInfo(info: ServerInfo, sample: WholeSample, bundled: boolean | null): Split {
  const { rss, allocated, active, resident, muzzy, holes } = sample;
  // Versions that print no muzzy pages mostly have a jemalloc that counts them as resident.
  const unbacked = unbackedByInfo(info, sample);
  const beside = resident - active;
  const inHoles = Math.min(holes ?? active - allocated, active - allocated);
  const split = new Map<PartName, number>([
    ['holes', inHoles],
    ['padding', active - allocated - inHoles],
    ['dirty-or-metadata', Math.max(0, beside - unbacked)],
    ['muzzy', muzzy ?? 0],
  ]);
  addLive(split, info, allocated, 'parked-or-other');
  const outside = rss - resident + unbacked - (muzzy ?? 0);
  addOutside(split, info, { rss, outside, unbackedBeyond: Math.max(0, unbacked - beside), bundled });
  return split;
}

/** Splits the RSS of a server without jemalloc, which knows only its own requests. */
export function splitWithoutJemalloc(info: ServerInfo, rss: number): Split {
  return splitByUsed(info, rss, 'other-allocator');
}

/** Splits a total by the server's own count alone. Part `rest` is what it does not tell. */
export function splitByUsed(info: ServerInfo, total: number, rest: 'other-allocator' | 'rest'): Split {
  const split = new Map<PartName, number>();
  const used = Math.min(info.used ?? 0, total);
  if (info.used !== null) addOwn(split, info, used);
  const counted = info.lua ?? 0;
  const lua = Math.min(counted >= MIB ? counted : 0, total - used);
  split.set('lua', lua);
  split.set(rest, total - used - lua);
  return split;
}

/** Adds the memory that the server counts: its buffers, and the rest as data. */
function addOwn(split: Map<PartName, number>, info: ServerInfo, own: number): void {
  const { clients, replicas, backlog, aof, clusterLinks } = info.buffers;
  const all = [clients, replicas, backlog, aof, clusterLinks].reduce<number>(
    (sum, bytes) => sum + (bytes ?? 0),
    0,
  );
  const buffers = Math.min(own, all);
  split.set('buffers', buffers);
  split.set('data', own - buffers);
}

/** Adds the live memory: that of the server, and that of other code in the process as part `rest`. */
export function addLive(
  split: Map<PartName, number>,
  info: ServerInfo | null,
  live: number,
  rest: 'other' | 'parked-or-other',
): void {
  if (info === null || info.used === null) {
    split.set('live', live);
    return;
  }
  const own = Math.max(0, Math.min(info.used, live));
  addOwn(split, info, own);
  const others = live - own;
  // Lua's memory is in jemalloc if that is the system's malloc; otherwise it is outside.
  const counted = info.lua ?? 0;
  const lua = counted >= MIB && others >= counted * LUA_IS_SEEN ? Math.min(counted, others) : 0;
  if (lua > 0) split.set('lua', lua);
  split.set(rest, others - lua);
}

/**
 * Minimum share of Lua's own count that must be found in jemalloc. The count is not exact: it has requested sizes, and
 * it is taken later than the sample.
 */
const LUA_IS_SEEN = 0.7;

interface Outside {
  readonly rss: number;
  /** The part of RSS that is outside jemalloc, in bytes. */
  readonly outside: number;
  /** Unbacked memory that was not subtracted from any part yet. */
  readonly unbackedBeyond: number;
  readonly bundled: boolean | null;
}

/**
 * Adds the memory outside jemalloc. If less remains than every process has, the difference is negative `untouched`:
 * jemalloc counts pages that were never touched, mostly ends of large values.
 */
function addOutside(
  split: Map<PartName, number>,
  info: ServerInfo,
  { rss, outside, unbackedBeyond, bundled }: Outside,
): void {
  const lua = info.lua ?? 0;
  const floor = Math.round(Math.min(processFloor(info, bundled), rss * FLOOR_SHARE));
  const process = Math.max(outside, floor);
  split.set('untouched', outside - process - unbackedBeyond);
  const luaOutside = split.has('lua') || lua < MIB ? 0 : Math.min(lua, process - floor);
  if (luaOutside > 0) split.set('lua', luaOutside);
  split.set('process', process - luaOutside);
}

function processFloor({ product }: ServerInfo, bundled: boolean | null): number {
  if (bundled === false) return PROCESS_FLOOR.system;
  const isOld = product?.name === 'redis' && Number.parseInt(product.version ?? '7', 10) < 7;
  return isOld ? PROCESS_FLOOR.bundledBefore7 : PROCESS_FLOOR.bundled;
}
