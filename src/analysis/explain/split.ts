/**
 * RSS in parts, by arithmetic alone. Whatever is given, the parts add up to RSS: what jemalloc counts is split by its
 * own figures, and what it does not count is the rest.
 */
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';
import type { PartName } from './explanation.js';
import { unbackedByInfo, unbackedByStats } from './unbacked.js';

export type Split = ReadonlyMap<PartName, number>;

const MIB = 1024 * 1024;
/** Up to here INFO's sample and the statistics are of one moment. */
const SAME_MOMENT = { bytes: MIB, share: 0.02 };

export function isSameMoment(info: number, stats: number): boolean {
  const apart = Math.abs(info - stats);
  return apart <= SAME_MOMENT.bytes || apart <= SAME_MOMENT.share * Math.max(info, stats);
}

/** `bundled`: see hasBundledJemalloc. */
export function splitByStats(info: ServerInfo, stats: MallocStats, bundled: boolean | null): Split {
  const { totals, pools, bins, large } = stats;
  const slabs = bins.reduce((sum, { curslabs, pages }) => sum + curslabs * pages * stats.pageSize, 0);
  const inSlabs = bins.reduce((sum, { curregs, size }) => sum + curregs * size, 0);
  const inLarge = large.reduce((sum, { curlextents, size }) => sum + curlextents * size, 0);
  const muzzyIsResident = countsMuzzyAsResident(stats);
  const base = totals.resident - totals.active - pools.dirty - (muzzyIsResident ? pools.muzzy : 0);
  const sample = isSameMoment(info.sample.resident, totals.resident) ? totals.resident : info.sample.resident;
  const unbacked = unbackedByStats(info, stats);
  const split = new Map<PartName, number>([
    ['parked', pools.parked],
    ['holes', slabs - inSlabs],
    ['padding', totals.active - slabs - inLarge],
    ['dirty', pools.dirty],
    ['muzzy', pools.muzzy],
    ['metadata', Math.max(0, base - unbacked) + pools.internal],
    ['sampling', sample - totals.resident],
  ]);
  addLive(split, info, totals.allocated - pools.parked - pools.internal, 'other');
  const muzzyBeside = muzzyIsResident ? 0 : pools.muzzy;
  const outside = info.sample.rss - sample - muzzyBeside + unbacked;
  addOutside(split, info, { outside, unbackedBeyond: Math.max(0, unbacked - base), bundled });
  return split;
}

/**
 * Up to 5.2 jemalloc's `resident` has the muzzy pages in it, from 5.3 on it has not. What remains besides active and dirty
 * pages are its records, whose size it tells: that decides.
 */
function countsMuzzyAsResident({ totals, pools }: MallocStats): boolean {
  const rest = totals.resident - totals.active - pools.dirty;
  const records = totals.metadata - pools.internal;
  return Math.abs(rest - pools.muzzy - records) < Math.abs(rest - records);
}

/**
 * A process has its code, its libraries and its stacks, whatever jemalloc counts too much. In smaps of servers built from
 * their own sources 5 to 5.9 MiB (Redis 6: 3.9), of Debian's 10.5.
 */
const PROCESS_FLOOR = { bundled: 5 * MIB, bundledBefore7: 3.75 * MIB, system: 10 * MIB };
/** Of RSS: where so little is resident, the system has taken some of the code as well. */
const FLOOR_SHARE = 0.8;

/** From INFO alone. */
export function splitByInfo(info: ServerInfo, bundled: boolean | null): Split {
  const { rss, allocated, active, resident, muzzy, holes } = info.sample;
  // Versions that print no muzzy pages mostly have jemallocs that count them as resident, if there are any.
  const unbacked = unbackedByInfo(info);
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
  addOutside(split, info, { outside, unbackedBeyond: Math.max(0, unbacked - beside), bundled });
  return split;
}

/** Without jemalloc the server knows nothing but what it asked for. */
export function splitWithoutJemalloc(info: ServerInfo): Split {
  const { rss } = info.sample;
  const split = new Map<PartName, number>();
  addLive(split, info, Math.min(info.used, rss), 'other');
  const lua = Math.min(info.lua >= MIB ? info.lua : 0, rss - Math.min(info.used, rss));
  split.set('lua', lua);
  split.set('other-allocator', rss - Math.min(info.used, rss) - lua);
  return split;
}

/** What the application holds: the server's own, and that of other code in the process. */
function addLive(
  split: Map<PartName, number>,
  info: ServerInfo,
  live: number,
  rest: 'other' | 'parked-or-other',
): void {
  const own = Math.max(0, Math.min(info.used, live));
  const { clients, replicas, backlog, aof, clusterLinks } = info.buffers;
  const buffers = Math.min(own, clients + replicas + backlog + aof + clusterLinks);
  split.set('buffers', buffers);
  split.set('data', own - buffers);
  const others = live - own;
  // Where the system's malloc is jemalloc, Lua's memory is found here; else outside.
  const lua = info.lua >= MIB && others >= info.lua * LUA_IS_SEEN ? Math.min(info.lua, others) : 0;
  if (lua > 0) split.set('lua', lua);
  split.set(rest, others - lua);
}

/** Lua counts what it asked for, which is less than what it got; and counts on until the sample is taken. */
const LUA_IS_SEEN = 0.7;

interface Outside {
  /** Of RSS, not in any other part. */
  readonly outside: number;
  /** What is not backed, and was in no part that it could be taken from. */
  readonly unbackedBeyond: number;
  readonly bundled: boolean | null;
}

/** Where less is left than a process has, jemalloc counts pages that were never touched: ends of large values mostly. */
function addOutside(
  split: Map<PartName, number>,
  info: ServerInfo,
  { outside, unbackedBeyond, bundled }: Outside,
): void {
  const { lua } = info;
  const least = Math.round(Math.min(processFloor(info, bundled), info.sample.rss * FLOOR_SHARE));
  const process = Math.max(outside, least);
  split.set('untouched', outside - process - unbackedBeyond);
  const luaOutside = split.has('lua') || lua < MIB ? 0 : Math.min(lua, process - least);
  if (luaOutside > 0) split.set('lua', luaOutside);
  split.set('process', process - luaOutside);
}

function processFloor({ product, version }: ServerInfo, bundled: boolean | null): number {
  if (bundled === false) return PROCESS_FLOOR.system;
  const isOld = product === 'redis' && Number.parseInt(version ?? '7', 10) < 7;
  return isOld ? PROCESS_FLOOR.bundledBefore7 : PROCESS_FLOOR.bundled;
}
