import { decimalSum, isLongDouble, parseFloat64, parseInteger64 } from '../../base/index.js';
import { NOT_A_FLOAT, NOT_AN_INTEGER } from '../../commands/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { newInteger } from '../values/index.js';
import { parseExpiry, parseSetOptions, type SetOptions } from './set-options.js';
import {
  encodeArgument,
  integerOf,
  isInteger,
  loadSds,
  newRawString,
  newString,
  newTemporaryInteger,
  setIntegerInPlace,
  storeSds,
  stringLength,
  unshare,
} from './string-objects.js';

const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);

function set(call: Call): void {
  const options = parseSetOptions(call, 3);
  if (options === undefined) return;
  encodeArgument(call, 2);
  setGeneric(call, 2, options);
}

/** setGenericCommand: the value is in `call.value`, and is argument `valueIndex`. */
function setGeneric(call: Call, valueIndex: number, options: SetOptions): void {
  const { expiryIndex, onlyNew, onlyExisting, get } = options;
  let expiry = 0;
  if (expiryIndex > 0) {
    const parsed = parseExpiry(call, expiryIndex, options);
    if (parsed === undefined) return;
    expiry = parsed;
  }
  if (get && !replyWithValue(call)) return;
  const { value, db, args } = call;
  const row = call.lookupWrite(1);
  if ((onlyNew && row !== 0) || (onlyExisting && row === 0)) {
    if (!get) call.reply.nil();
    return;
  }
  const hasExpiry = expiryIndex > 0;
  if (hasExpiry && call.version.commands.setDeletesExpired && call.isInThePast(expiry)) {
    // It would be gone at once, so it is not stored at all.
    if (row !== 0) {
      db.delete(row, call.settings.lazyfreeLazyExpire);
      args.rewrite(2, [1]);
      call.dirty++;
    }
    if (!get) call.reply.status();
    return;
  }
  // An expiry that is about to be set anew stays where the version can change it in place.
  const keeps = options.keepsExpiry || (hasExpiry && !call.version.commands.resetsExpiry);
  const stored = row === 0 ? call.addValue(1, value) : row;
  if (row !== 0) db.overwrite(row, value);
  keepText(call, stored, valueIndex);
  args.take(valueIndex);
  if (!keeps) db.removeExpiry(stored);
  call.dirty++;
  if (hasExpiry) {
    db.setExpiry(stored, expiry);
    if (call.version.commands.propagatesExpiryAsPxat || !options.isExactMs) {
      args.rewrite(5, [1, valueIndex], newTemporaryInteger(call, call.epochMs(expiry)));
    }
  }
  if (!get) call.reply.status();
  if (get && !hasExpiry) args.rewrite(call.argc - 1, allBut(call.argc, options.getIndex));
}

function allBut(count: number, dropped: number): number[] {
  const kept: number[] = [];
  for (let index = 0; index < count; index++) if (index !== dropped) kept.push(index);
  return kept;
}

/** A text that a later INCRBYFLOAT could read has to be remembered; other texts are only lengths. */
function keepText(call: Call, row: number, index: number): void {
  const { texts } = call.keyspace;
  if (!isInteger(call, row) && call.length(index) <= MAX_NUMBER_LENGTH && startsLikeNumber(call, index)) {
    const text = call.text(index);
    if (parseFloat64(text) !== undefined) {
      texts.set(row, text);
      return;
    }
  }
  if (texts.size > 0) texts.delete(row);
}

const MAX_NUMBER_LENGTH = 40;

function startsLikeNumber({ command: { bytes, start, length } }: Call, index: number): boolean {
  if (length[index] === 0) return false;
  const first = bytes[start[index]!]!;
  const last = bytes[start[index]! + length[index]! - 1]!;
  return first <= 0x39 && first >= 0x2b && last >= 0x2e && last <= 0x39;
}

function setnx(call: Call): void {
  encodeArgument(call, 2);
  const row = call.lookupWrite(1);
  if (row !== 0) {
    call.reply.integer(0);
    return;
  }
  const stored = call.addValue(1, call.value);
  keepText(call, stored, 2);
  call.args.take(2);
  call.db.removeExpiry(stored);
  call.dirty++;
  call.reply.integer(1);
}

function setWithExpiry(unit: 'seconds' | 'milliseconds') {
  const options: SetOptions = {
    onlyNew: false,
    onlyExisting: false,
    get: false,
    getIndex: -1,
    keepsExpiry: false,
    expiryIndex: 2,
    inSeconds: unit === 'seconds',
    isAbsolute: false,
    isExactMs: false,
    persists: false,
  };
  return (call: Call): void => {
    encodeArgument(call, 3);
    setGeneric(call, 3, options);
  };
}

/** getGenericCommand: replies with the value or nil; false if it is no string. */
function replyWithValue(call: Call): boolean {
  const row = call.lookupRead(1);
  if (row === 0) {
    call.reply.nil();
    return true;
  }
  if (call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return false;
  }
  call.reply.bulk(stringLength(call, row));
  return true;
}

function get(call: Call): void {
  replyWithValue(call);
}

function getset(call: Call): void {
  if (!replyWithValue(call)) return;
  encodeArgument(call, 2);
  const row = call.setValue(1, call.value, false);
  keepText(call, row, 2);
  call.args.take(2);
  call.dirty++;
  call.args.rewriteOne(0);
}

function getdel(call: Call): void {
  if (!replyWithValue(call)) return;
  const row = call.peek(1);
  if (row === 0) return;
  call.db.delete(row, call.version.commands.getdelFreesLazily && call.settings.lazyfreeLazyUserDel);
  call.args.rewrite(2, [1]);
  call.dirty++;
}

function getex(call: Call): void {
  const options = parseSetOptions(call, 2);
  if (options === undefined) return;
  const row = call.lookupRead(1);
  if (row === 0) {
    call.reply.nil();
    return;
  }
  if (call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  let expiry = 0;
  if (options.expiryIndex > 0) {
    const parsed = parseExpiry(call, options.expiryIndex, options);
    if (parsed === undefined) return;
    expiry = parsed;
  }
  call.reply.bulk(stringLength(call, row));
  if (options.isAbsolute && call.isInThePast(expiry)) {
    call.db.delete(row, call.settings.lazyfreeLazyExpire);
    call.args.rewrite(2, [1]);
    call.dirty++;
  } else if (options.expiryIndex > 0) {
    call.db.setExpiry(row, expiry);
    call.args.rewrite(3, [1], newTemporaryInteger(call, call.epochMs(expiry)));
    call.dirty++;
  } else if (options.persists && call.db.removeExpiry(row)) {
    call.args.rewrite(2, [1]);
    call.dirty++;
  }
}

function mget(call: Call): void {
  call.reply.array(call.argc - 1);
  for (let index = 1; index < call.argc; index++) {
    const row = call.lookupRead(index);
    if (row === 0 || call.typeOf(row) !== ValueType.string) call.reply.nil();
    else call.reply.bulk(stringLength(call, row));
  }
}

function mset(call: Call): void {
  if (call.argc % 2 === 0) {
    call.reply.error("ERR wrong number of arguments for 'mset' command");
    return;
  }
  setAll(call);
  call.reply.status();
}

function msetnx(call: Call): void {
  if (call.argc % 2 === 0) {
    call.reply.error("ERR wrong number of arguments for 'msetnx' command");
    return;
  }
  for (let index = 1; index < call.argc; index += 2) {
    if (call.lookupWrite(index) !== 0) {
      call.reply.integer(0);
      return;
    }
  }
  setAll(call);
  call.reply.integer(1);
}

function setAll(call: Call): void {
  for (let index = 1; index < call.argc; index += 2) {
    encodeArgument(call, index + 1);
    const row = call.setValue(index, call.value, false);
    keepText(call, row, index + 1);
    call.args.take(index + 1);
  }
  call.dirty += (call.argc - 1) / 2;
}

function strlen(call: Call): void {
  const row = call.lookupRead(1);
  if (row === 0) call.reply.integer(0);
  else if (call.typeOf(row) !== ValueType.string) call.reply.wrongType();
  else call.reply.integer(stringLength(call, row));
}

function getrange(call: Call): void {
  const from = call.integer(2);
  const to = call.integer(3);
  if (from === undefined || to === undefined) {
    call.reply.error(NOT_AN_INTEGER);
    return;
  }
  const row = call.lookupRead(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  const length = row === 0 ? 0 : stringLength(call, row);
  if (from < 0 && to < 0 && from > to) {
    call.reply.bulk(0);
    return;
  }
  const first = Math.max(0, from < 0 ? length + from : from);
  const last = Math.min(length - 1, to < 0 ? Math.max(0, length + to) : to);
  call.reply.bulk(last < first ? 0 : last - first + 1);
}

function append(call: Call): void {
  const row = call.lookupWrite(1);
  if (row === 0) {
    encodeArgument(call, 2);
    const added = call.addValue(1, call.value);
    keepText(call, added, 2);
    call.args.take(2);
    call.dirty++;
    call.reply.integer(stringLength(call, added));
    return;
  }
  if (call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  // Nothing and a number are a number.
  const text = stringLength(call, row) === 0 ? '' : textOf(call, row);
  unshare(call, row);
  const sds = loadSds(call, row);
  const more = call.length(2);
  sds.makeRoomFor(more, true);
  sds.length += more;
  storeSds(call, row, sds);
  rememberText(call, row, text !== undefined && more <= MAX_NUMBER_LENGTH ? text + call.text(2) : undefined);
  call.dirty++;
  call.reply.integer(sds.length);
}

function setrange(call: Call): void {
  const offset = call.integer(2);
  if (offset === undefined || offset < 0) {
    call.reply.error(offset === undefined ? NOT_AN_INTEGER : 'ERR offset is out of range');
    return;
  }
  const written = call.length(3);
  const row = call.lookupWrite(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  if (written === 0) {
    call.reply.integer(row === 0 ? 0 : stringLength(call, row));
    return;
  }
  if (offset + written > call.settings.protoMaxBulkLen) {
    call.reply.error(TOO_LONG);
    return;
  }
  call.dirty++;
  call.reply.integer(growTo(call, row, offset + written));
}

/** A string of at least `length` bytes at key 1, which is row `row` or not there: its length then. */
export function growTo(call: Call, row: number, length: number): number {
  if (row === 0) {
    call.addValue(1, newRawString(call, length));
    return length;
  }
  rememberText(call, row, undefined);
  unshare(call, row);
  const sds = loadSds(call, row);
  if (length > sds.length) {
    sds.makeRoomFor(length - sds.length, true);
    sds.length = length;
    storeSds(call, row, sds);
  }
  return sds.length;
}

function setbit(call: Call): void {
  const offset = call.integer(2);
  if (offset === undefined || offset < 0 || Math.floor(offset / 8) >= call.settings.protoMaxBulkLen) {
    call.reply.error('ERR bit offset is not an integer or out of range');
    return;
  }
  const bit = call.integer(3);
  if (bit !== 0 && bit !== 1) {
    call.reply.error('ERR bit is not an integer or out of range');
    return;
  }
  const row = call.lookupWrite(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  const length = Math.floor(offset / 8) + 1;
  growTo(call, row, length);
  call.dirty++;
  call.reply.integer(0);
}

function getbit(call: Call): void {
  const row = call.lookupRead(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) call.reply.wrongType();
  else call.reply.integer(0);
}

/** incrDecrCommand */
function changeBy(call: Call, change: bigint): void {
  const row = call.lookupWrite(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  const before = row === 0 ? 0n : integerTextOf(call, row);
  if (before === undefined) {
    call.reply.error(NOT_AN_INTEGER);
    return;
  }
  const after = before + change;
  if (after > MAX_INT64 || after < MIN_INT64) {
    call.reply.error('ERR increment or decrement would overflow');
    return;
  }
  if (row === 0) {
    call.addValue(1, newInteger(call, after));
  } else if (!setIntegerInPlace(call, row, after)) {
    call.db.overwrite(row, newInteger(call, after));
    rememberText(call, row, undefined);
  }
  call.dirty++;
  call.reply.integer(after);
}

function changeByArgument(sign: 1n | -1n) {
  return (call: Call): void => {
    const change = parseInteger64(call.text(2));
    if (change === undefined) {
      call.reply.error(NOT_AN_INTEGER);
      return;
    }
    if (sign === -1n && change === MIN_INT64) {
      call.reply.error('ERR decrement would overflow');
      return;
    }
    changeBy(call, sign * change);
  };
}

function incrbyfloat(call: Call): void {
  const row = call.lookupWrite(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  const change = call.text(2);
  const before = row === 0 ? '0' : (textOf(call, row) ?? '');
  if (!isLongDouble(before) || !isLongDouble(change)) {
    call.reply.error(NOT_A_FLOAT);
    return;
  }
  const sum = decimalSum(before, change);
  if (sum === undefined) {
    call.reply.error('ERR increment would produce NaN or Infinity');
    return;
  }
  const value = newString(call, sum.length);
  if (row === 0) rememberText(call, call.addValue(1, value), sum);
  else {
    call.db.overwrite(row, value);
    rememberText(call, row, sum);
  }
  call.dirty++;
  call.reply.bulk(sum.length);
  call.args.rewriteOne(0);
  call.args.rewriteOne(2);
  call.args.extend(4);
}

/** The row's value as an integer, whatever its encoding; undefined if it is none. */
function integerTextOf(call: Call, row: number): bigint | undefined {
  if (isInteger(call, row)) return integerOf(call, row);
  const text = call.keyspace.texts.get(row);
  return text === undefined ? undefined : parseInteger64(text);
}

function textOf(call: Call, row: number): string | undefined {
  return isInteger(call, row) ? integerOf(call, row).toString() : call.keyspace.texts.get(row);
}

function rememberText(call: Call, row: number, text: string | undefined): void {
  const { texts } = call.keyspace;
  if (text !== undefined && parseFloat64(text) !== undefined) texts.set(row, text);
  else texts.delete(row);
}

const TOO_LONG = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)';

export const STRING_COMMANDS: Handlers = {
  set,
  setnx,
  setex: setWithExpiry('seconds'),
  psetex: setWithExpiry('milliseconds'),
  get,
  getset,
  getdel,
  getex,
  mget,
  mset,
  msetnx,
  strlen,
  getrange,
  substr: getrange,
  append,
  setrange,
  setbit,
  getbit,
  incr: (call) => changeBy(call, 1n),
  decr: (call) => changeBy(call, -1n),
  incrby: changeByArgument(1n),
  decrby: changeByArgument(-1n),
  incrbyfloat,
};
