/**
 * RSS in parts, by arithmetic alone. Whatever is given, the parts add up to RSS: what jemalloc counts is split by its
 * own figures, and what it does not count is the rest.
 */
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';
import type { PartName } from './explanation.js';

export type Split = ReadonlyMap<PartName, number>;

const MIB = 1024 * 1024;
/** Up to here INFO's sample and the statistics are of one moment. */
export const SAME_MOMENT = { bytes: MIB, share: 0.02 };

export function isSameMoment(info: number, stats: number): boolean {
  const apart = Math.abs(info - stats);
  return apart <= SAME_MOMENT.bytes || apart <= SAME_MOMENT.share * Math.max(info, stats);
}

export function splitByStats(info: ServerInfo, stats: MallocStats): Split {
  const { totals, pools, bins, large } = stats;
  const slabs = bins.reduce((sum, { curslabs, pages }) => sum + curslabs * pages * stats.pageSize, 0);
  const inSlabs = bins.reduce((sum, { curregs, size }) => sum + curregs * size, 0);
  const inLarge = large.reduce((sum, { curlextents, size }) => sum + curlextents * size, 0);
  const muzzyIsResident = countsMuzzyAsResident(stats);
  const base = totals.resident - totals.active - pools.dirty - (muzzyIsResident ? pools.muzzy : 0);
  const sample = isSameMoment(info.sample.resident, totals.resident) ? totals.resident : info.sample.resident;
  const unbacked = Math.min(base, unbackedRecords(totals.mapped + totals.retained, stats.pageSize));
  const split = new Map<PartName, number>([
    ['parked', pools.parked],
    ['holes', slabs - inSlabs],
    ['padding', totals.active - slabs - inLarge],
    ['dirty', pools.dirty],
    ['muzzy', pools.muzzy],
    ['metadata', base - unbacked + pools.internal],
    ['sampling', sample - totals.resident],
  ]);
  addLive(split, info, totals.allocated - pools.parked - pools.internal, 'other');
  addOutside(split, info, info.sample.rss - sample + unbacked - (muzzyIsResident ? 0 : pools.muzzy));
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
 * jemalloc's largest records are the leaves of its tree of pages, a word for each page of 2^18, and it counts them as
 * resident as a whole. The system backs only those pages of a leaf in which there are words of pages in use, which
 * on a server of some 100 MiB is a tenth of 2 MiB.
 */
function unbackedRecords(addressSpace: number, pageSize: number): number {
  if (pageSize !== 4096) return 0;
  const leaves = Math.ceil(addressSpace / (LEAF_PAGES * pageSize));
  return Math.round((leaves * LEAF_PAGES - addressSpace / pageSize) * LEAF_WORD);
}

const LEAF_PAGES = 2 ** 18;
const LEAF_WORD = 8;

/** From INFO alone. */
export function splitByInfo(info: ServerInfo): Split {
  const { rss, allocated, active, resident, muzzy, holes } = info.sample;
  // Versions that print no muzzy pages mostly have jemallocs that count them as resident, if there are any.
  const unbacked = Math.min(resident - active, unbackedRecords(resident, 4096));
  const inHoles = Math.min(holes ?? active - allocated, active - allocated);
  const split = new Map<PartName, number>([
    ['holes', inHoles],
    ['padding', active - allocated - inHoles],
    ['dirty-or-metadata', resident - active - unbacked],
    ['muzzy', muzzy ?? 0],
  ]);
  addLive(split, info, allocated, 'parked-or-other');
  addOutside(split, info, rss - resident + unbacked - (muzzy ?? 0));
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

function addOutside(split: Map<PartName, number>, { lua }: ServerInfo, outside: number): void {
  if (outside < 0) {
    split.set('untouched', outside);
    return;
  }
  const luaOutside = split.has('lua') || lua < MIB ? 0 : Math.min(lua, outside);
  if (luaOutside > 0) split.set('lua', luaOutside);
  split.set('process', outside - luaOutside);
}
