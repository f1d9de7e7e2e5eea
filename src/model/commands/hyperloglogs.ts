import {
  argumentBytes,
  HLL_DENSE_BYTES,
  HyperLogLog,
  NO_HYPERLOGLOG,
  placeOf,
} from '../../commands/index.js';
import type { SdsString } from '../heap/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { loadSds, newRawString, storeSds, unshare } from './string-objects.js';

/** Spare bytes that a change of sparse runs may need. */
const SPLIT = 3;
/** The most bytes by which a sparse string grows ahead; it doubles below that. */
const MOST_SPARE = 300;

function pfadd(call: Call): void {
  const row = call.lookupWrite(1);
  const found = row === 0 ? undefined : existing(call, row);
  if (row !== 0 && found === undefined) return;
  const at = row === 0 ? create(call) : row;
  if (row !== 0) unshare(call, row);
  const hll = found ?? call.keyspace.hyperLogLogs.get(at)!;
  let changed = row === 0 ? 1 : 0;
  const sds = loadHll(call, at, hll);
  for (let index = 2; index < call.count; index++) {
    const { register, value } = placeOf(argumentBytes(call.command, index));
    if (raise(call, hll, sds, register, value)) changed++;
  }
  storeHll(call, at, hll, sds);
  call.dirty += changed;
  call.reply.integer(changed > 0 ? 1 : 0);
}

function pfmerge(call: Call): void {
  const merged = new Map<number, number>();
  let isDense = false;
  for (let index = 1; index < call.count; index++) {
    const row = call.lookupRead(index);
    if (row === 0) continue;
    const source = existing(call, row);
    if (source === undefined) return;
    isDense ||= source.isDense;
    for (const [register, value] of source.registers) {
      if (value > (merged.get(register) ?? 0)) merged.set(register, value);
    }
  }
  const row = call.lookupWrite(1);
  const at = row === 0 ? create(call) : row;
  if (row !== 0) unshare(call, row);
  const hll = call.keyspace.hyperLogLogs.get(at)!;
  const sds = loadHll(call, at, hll);
  if (isDense) makeDense(hll, sds);
  for (const register of [...merged.keys()].sort((a, b) => a - b)) {
    raise(call, hll, sds, register, merged.get(register)!);
  }
  storeHll(call, at, hll, sds);
  call.dirty++;
  call.reply.status();
}

function pfcount(call: Call): void {
  for (let index = 1; index < call.count; index++) {
    const row = call.lookupRead(index);
    if (row === 0) continue;
    if (existing(call, row) === undefined) return;
    if (call.count === 2) unshare(call, row);
  }
  call.reply.integer(0);
}

/** Returns a row's HyperLogLog; for any other value it replies with the error and returns undefined. */
function existing(call: Call, row: number): HyperLogLog | undefined {
  const hll = call.keyspace.hyperLogLogs.get(row);
  if (call.typeOf(row) === ValueType.string && hll !== undefined) return hll;
  if (call.typeOf(row) !== ValueType.string) call.reply.wrongType();
  else call.reply.error(NO_HYPERLOGLOG);
  return undefined;
}

function create(call: Call): number {
  const hll = new HyperLogLog();
  const row = call.addValue(1, newRawString(call, hll.bytes));
  call.keyspace.hyperLogLogs.set(row, hll);
  return row;
}

function loadHll(call: Call, row: number, hll: HyperLogLog): SdsString {
  const sds = loadSds(call, row);
  // Room that was cut to a round size is less than the usable size of the allocation.
  if (hll.room > 0) sds.room = Math.max(sds.length, hll.room);
  return sds;
}

function storeHll(call: Call, row: number, hll: HyperLogLog, sds: SdsString): void {
  hll.room = sds.room;
  storeSds(call, row, sds);
}

function raise(call: Call, hll: HyperLogLog, sds: SdsString, register: number, value: number): boolean {
  const { hllSparseMaxBytes } = call.settings;
  if (!hll.isDense) makeRoom(call, sds, hllSparseMaxBytes);
  const change = hll.raise(register, value, hllSparseMaxBytes);
  if (change === 'too-large') {
    makeDense(hll, sds);
    return hll.raise(register, value, hllSparseMaxBytes) === 'changed';
  }
  if (!hll.isDense) sds.length = hll.bytes;
  return change === 'changed';
}

function makeRoom({ version }: Call, sds: SdsString, maxBytes: number): void {
  if (!version.strings.growsHyperLogLogAhead) {
    sds.makeRoomFor(SPLIT, true);
    return;
  }
  if (sds.room >= maxBytes || sds.spare >= SPLIT) return;
  const length = sds.length + SPLIT;
  sds.resize(Math.min(maxBytes, length + Math.min(length, MOST_SPARE)), true);
}

/** Makes the HyperLogLog dense; the new string is allocated before the old one is freed. */
function makeDense(hll: HyperLogLog, sds: SdsString): void {
  if (hll.isDense) return;
  const sparse = sds.handle;
  sds.create(HLL_DENSE_BYTES);
  sds.release(sparse);
  hll.becomeDense();
}

export const HYPERLOGLOG_COMMANDS: Handlers = {
  pfadd,
  pfmerge,
  pfcount,
};
