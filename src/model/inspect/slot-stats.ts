import { SYNTAX_ERROR } from '../../commands/index.js';
import { type Database, type Keyspace, keySlot, SLOTS } from '../keyspace/index.js';

/** The metrics of a slot. CPU time and network traffic, which servers also report, are not modelled. */
export const SLOT_METRICS = ['key-count', 'memory-logical-bytes'] as const;
type SlotMetric = (typeof SLOT_METRICS)[number];

export interface SlotFigures {
  readonly slot: number;
  readonly keyCount: number;
  /** Undefined if cluster-slot-stats-enabled is off. */
  readonly memoryLogicalBytes: number | undefined;
}

export type SlotStatsAnswer =
  | { readonly error: string }
  | { readonly error?: undefined; readonly slots: readonly SlotFigures[] };

/** The parts of a server that CLUSTER SLOT-STATS reads. */
export interface SlotStatsServer {
  readonly keyspace: Keyspace;
  readonly databases: readonly Database[];
  readonly isCluster: boolean;
}

/**
 * Answers CLUSTER SLOT-STATS with the words after it, for a node that owns all slots. Forms, order and errors are those of
 * cluster_slot_stats.c in valkey 8.0. All databases count. Unlike a server, it also answers without cluster mode if
 * cluster-slot-stats-enabled is on.
 */
export function answerSlotStats(server: SlotStatsServer, words: readonly string[]): SlotStatsAnswer {
  if (words.length < 2) return { error: "ERR wrong number of arguments for 'cluster|slot-stats' command" };
  if (!server.isCluster && server.keyspace.slots === undefined) {
    return { error: 'ERR This instance has cluster support disabled' };
  }
  const form = words[0]?.toLowerCase();
  if (form === 'slotsrange' && words.length === 3) return slotsRange(server, words[1] ?? '', words[2] ?? '');
  if (form === 'orderby' && words.length >= 2) return orderBy(server, words[1] ?? '', words.slice(2));
  return { error: "ERR unknown subcommand or wrong number of arguments for 'SLOT-STATS'. Try CLUSTER HELP." };
}

/** Returns the number of a slot; undefined if the text is none. */
export function parseSlot(text: string): number | undefined {
  const slot = wholeNumber(text);
  return slot !== undefined && slot >= 0 && slot < SLOTS ? slot : undefined;
}

export const NO_SLOT_ERROR = 'ERR Invalid or out of range slot';

function slotsRange(server: SlotStatsServer, from: string, to: string): SlotStatsAnswer {
  const first = parseSlot(from);
  const last = parseSlot(to);
  if (first === undefined || last === undefined) return { error: NO_SLOT_ERROR };
  if (first > last) {
    return { error: `ERR Start slot number ${first} is greater than end slot number ${last}` };
  }
  return { slots: allSlots(server).slice(first, last + 1) };
}

function orderBy(server: SlotStatsServer, name: string, options: readonly string[]): SlotStatsAnswer {
  const metric = SLOT_METRICS.find((known) => known === name.toLowerCase());
  if (metric === undefined || (metric !== 'key-count' && server.keyspace.slots === undefined)) {
    return { error: 'ERR Unrecognized sort metric for ORDERBY.' };
  }
  let limit: number | undefined;
  let isAscending: boolean | undefined;
  for (let at = 0; at < options.length; at++) {
    const option = options[at]?.toLowerCase();
    let isSecond: boolean;
    if (option === 'limit' && at + 1 < options.length) {
      isSecond = limit !== undefined;
      limit = wholeNumber(options[++at] ?? '');
      if (limit === undefined || limit < 1 || limit > SLOTS) {
        return { error: 'ERR Limit has to lie in between 1 and 16384 (maximum number of slots).' };
      }
    } else if (option === 'asc' || option === 'desc') {
      isSecond = isAscending !== undefined;
      isAscending = option === 'asc';
    } else {
      return { error: SYNTAX_ERROR };
    }
    if (isSecond) return { error: 'ERR Multiple filters of the same type are disallowed.' };
  }
  const sign = isAscending === true ? 1 : -1;
  const slots = allSlots(server).sort(
    (left, right) => sign * (metricOf(left, metric) - metricOf(right, metric)) || left.slot - right.slot,
  );
  return { slots: slots.slice(0, limit) };
}

function metricOf({ keyCount, memoryLogicalBytes = 0 }: SlotFigures, metric: SlotMetric): number {
  return metric === 'key-count' ? keyCount : memoryLogicalBytes;
}

function allSlots(server: SlotStatsServer): SlotFigures[] {
  const { slots } = server.keyspace;
  const keyCounts = slots?.keyCounts ?? countKeys(server);
  const bytes = slots?.bytes;
  return Array.from({ length: SLOTS }, (_, slot) => ({
    slot,
    keyCount: keyCounts[slot]!,
    memoryLogicalBytes: bytes?.[slot],
  }));
}

function countKeys({ keyspace, databases }: SlotStatsServer): Uint32Array {
  const counts = new Uint32Array(SLOTS);
  for (const { keys } of databases) {
    for (const row of keys.rows()) {
      const name = keyspace.nameOf(row);
      const slot = keySlot(name, 0, name.length);
      counts[slot] = counts[slot]! + 1;
    }
  }
  return counts;
}

function wholeNumber(text: string): number | undefined {
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
}
