import { parseFloat64, parseInteger64 } from '../../base/index.js';
import {
  bitOffset,
  bytesIn,
  conditionOfDelex,
  DELIFEQ_CONDITION,
  DIGEST_DIGITS,
  floatSum,
  isReversed,
  type MsetexRequest,
  NOT_A_STRING,
  NOT_AN_INTEGER,
  PSETEX_REQUEST,
  parseDecrement,
  parseDelex,
  parseGetex,
  parseIncrement,
  parseIndexRange,
  parseMsetex,
  parsePositiveTime,
  parseSet,
  parseSetbit,
  parseSetrange,
  SETEX_REQUEST,
  type SetRequest,
  sum64,
  TOO_LONG,
  type ValueCondition,
  wrongArity,
} from '../../commands/index.js';
import { StructKind, sdsBytes, sdsHeader } from '../heap/index.js';
import { StringEncoding, stringKind, ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { newInteger } from '../values/index.js';
import { orReplyError, parsed } from './parsed.js';
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
  textOf,
  unshare,
} from './string-objects.js';
import { makeDigest, meets } from './value-conditions.js';

/** SET, SETEX and PSETEX: setGenericCommand with the value in argument `valueIndex`. */
function setTo(valueIndex: number): (call: Call, request: SetRequest) => void {
  return (call, request) => {
    encodeArgument(call, valueIndex);
    setGeneric(call, valueIndex, request);
  };
}

const setLater = setTo(3);

/** Sets the value in `call.value`. */
function setGeneric(call: Call, valueIndex: number, request: SetRequest): void {
  const { onlyNew, onlyExisting } = request;
  const expiry = expiryOf(call, request);
  if (expiry === undefined) return;
  const get = request.get > 0;
  if (get && !replyWithValue(call)) return;
  const { value, db, args } = call;
  const row = call.lookupWrite(1);
  if ((onlyNew && row !== 0) || (onlyExisting && row === 0)) {
    if (!get) call.reply.nil();
    return;
  }
  if (request.condition !== undefined && !isConditionMet(call, row, request.condition, !get)) return;
  const { time } = request;
  const hasExpiry = time !== undefined;
  if (hasExpiry && call.version.commands.setDeletesExpired && call.isInThePast(expiry)) {
    // A value with a past expiry is not stored at all.
    if (row !== 0) {
      db.delete(row, call.settings.lazyfreeLazyExpire);
      args.rewrite(2, [1]);
      call.dirty++;
    }
    if (!get) call.reply.status();
    return;
  }
  // In versions that can change an expiry in place, the old one stays until the new one is set.
  const keeps = request.keepsExpiry || (hasExpiry && !call.version.commands.resetsExpiry);
  const stored = row === 0 ? call.addValue(1, value) : row;
  if (row !== 0) db.overwrite(row, value, keeps);
  keepText(call, stored, valueIndex);
  args.take(valueIndex);
  if (!keeps) db.removeExpiry(stored);
  call.dirty++;
  if (hasExpiry) {
    db.setExpiry(stored, expiry);
    const isPxat = time.isAbsolute && !time.inSeconds;
    if (call.version.commands.propagatesExpiryAsPxat || !isPxat) {
      const milliseconds = newTemporaryInteger(call, call.epochMs(expiry));
      // The exact form `SET key value EX seconds`.
      if (call.version.commands.rewritesExpiryInPlace && call.count === 5) {
        args.rewriteOne(3);
        args.rewriteOne(4, milliseconds);
      } else {
        args.rewrite(5, [1, valueIndex], milliseconds);
      }
    }
  }
  if (!get) call.reply.status();
  if (get && !hasExpiry) args.rewrite(call.count - 1, allBut(call.count, request.get));
}

/** Whether the key at `row`, 0 if it is missing, meets a condition on its value. If not, replies with the error or nil. */
function isConditionMet(call: Call, row: number, condition: ValueCondition, repliesNil: boolean): boolean {
  if (!isStringOrAbsent(call, row)) return false;
  const isMet = row === 0 ? !condition.isEqual : meets(call, row, condition);
  if (isMet === false && repliesNil) call.reply.nil();
  return isMet === true;
}

/** Returns the expiry in virtual time, or 0; undefined after a reply with the error of a refused time. */
function expiryOf(call: Call, { time, expiryIndex }: SetRequest): number | undefined {
  if (time === undefined) return 0;
  const milliseconds = orReplyError(
    call,
    parsePositiveTime(call, expiryIndex, time, call.epochMs(call.nowMs)),
  );
  if (milliseconds === undefined) return undefined;
  return time.isAbsolute ? milliseconds - call.epochMs(0) : call.nowMs + milliseconds;
}

function allBut(count: number, dropped: number): number[] {
  const kept: number[] = [];
  for (let index = 0; index < count; index++) if (index !== dropped) kept.push(index);
  return kept;
}

/** Whether a row holds a string or is 0; replies with the error otherwise. */
export function isStringOrAbsent(call: Call, row: number): boolean {
  const isRight = row === 0 || call.typeOf(row) === ValueType.string;
  if (!isRight) call.reply.wrongType();
  return isRight;
}

/** Remembers a text that a later INCRBYFLOAT could read; other texts are only lengths. */
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

/** Replies with a string, or with a reference to it if it is raw and long. */
function replyWith(call: Call, row: number): void {
  const from = call.version.commands.sendsInPlaceFrom;
  const length = stringLength(call, row);
  if (from > 0 && length >= from && !isInteger(call, row)) call.reply.bulkInPlace();
  else call.reply.bulk(length);
}

/** getGenericCommand: replies with the value or nil; returns false if it is no string. */
function replyWithValue(call: Call): boolean {
  const row = call.lookupRead(1);
  if (!isStringOrAbsent(call, row)) return false;
  if (row === 0) call.reply.nil();
  else replyWith(call, row);
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
  const frees = call.version.commands.getdelFreesLazily && call.settings.lazyfreeLazyUserDel;
  if (!call.deleteNamed(1, frees)) return;
  call.args.rewrite(2, [1]);
  call.dirty++;
}

function getex(call: Call, request: SetRequest): void {
  const row = call.lookupRead(1);
  if (row === 0) {
    call.reply.nil();
    return;
  }
  if (call.typeOf(row) !== ValueType.string) {
    call.reply.wrongType();
    return;
  }
  const { time } = request;
  const expiry = expiryOf(call, request);
  if (expiry === undefined) return;
  call.reply.bulk(stringLength(call, row));
  if (time?.isAbsolute === true && call.isInThePast(expiry)) {
    call.db.delete(row, call.settings.lazyfreeLazyExpire);
    call.args.rewrite(2, [1]);
    call.dirty++;
  } else if (time !== undefined) {
    call.db.setExpiry(row, expiry);
    call.args.rewrite(3, [1], newTemporaryInteger(call, call.epochMs(expiry)));
    call.dirty++;
  } else if (request.persists && call.db.persist(row)) {
    call.args.rewrite(2, [1]);
    call.dirty++;
  }
}

function mget(call: Call): void {
  call.reply.array(call.count - 1);
  for (let index = 1; index < call.count; index++) {
    const row = call.lookupRead(index);
    if (row === 0 || call.typeOf(row) !== ValueType.string) call.reply.nil();
    else replyWith(call, row);
  }
}

function mset(call: Call): void {
  if (call.count % 2 === 0) {
    call.reply.error(wrongArity(call.name));
    return;
  }
  setAll(call);
  call.reply.status();
}

function msetnx(call: Call): void {
  if (call.count % 2 === 0) {
    call.reply.error(wrongArity(call.name));
    return;
  }
  for (let index = 1; index < call.count; index += 2) {
    if (call.lookupWrite(index) !== 0) {
      call.reply.integer(0);
      return;
    }
  }
  setAll(call, call.version.commands.looksUpInMsetnx);
  call.reply.integer(1);
}

function setAll(call: Call, looksUp = true): void {
  for (let index = 1; index < call.count; index += 2) {
    encodeArgument(call, index + 1);
    const row = call.setValue(index, call.value, false, looksUp);
    keepText(call, row, index + 1);
    call.args.take(index + 1);
  }
  call.dirty += (call.count - 1) / 2;
}

/** msetexCommand: sets each key and its expiry, if all keys are there or none, as the request asks for. */
function msetex(call: Call, request: MsetexRequest): void {
  const expiry = expiryOf(call, request);
  if (expiry === undefined) return;
  const { keys, onlyNew, onlyExisting, time } = request;
  const end = 2 + keys * 2;
  if (onlyNew || onlyExisting) {
    for (let index = 2; index < end; index += 2) {
      if ((call.lookupWrite(index) === 0) !== onlyExisting) continue;
      call.reply.integer(0);
      return;
    }
  }
  const shares = call.version.commands.msetex === 'shares values';
  const keeps = request.keepsExpiry || (time !== undefined && !shares);
  for (let index = 2; index < end; index += 2) {
    encodeArgument(call, index + 1);
    const row = call.setValue(index, call.value, keeps);
    keepText(call, row, index + 1);
    call.args.take(index + 1);
    if (time === undefined) continue;
    if (shares) shareValue(call, row, index + 1);
    call.db.setExpiry(row, expiry);
  }
  call.dirty += keys;
  const isPropagated = shares ? time?.isAbsolute : time?.isAbsolute && !time.inSeconds;
  if (time !== undefined && isPropagated !== true) {
    const milliseconds = newTemporaryInteger(call, call.epochMs(expiry));
    call.args.rewriteOne(request.expiryIndex - 1);
    call.args.rewriteOne(request.expiryIndex, milliseconds);
  }
  call.reply.integer(1);
}

/** Leaves to an argument what an expiry replaces: the object of a key, and a text that the new object copies. */
function shareValue(call: Call, row: number, index: number): void {
  const { keyspace, heap, args } = call;
  if (keyspace.hasExpiryRoom(row)) return;
  args.object[index] = keyspace.object(row);
  const value = keyspace.getValue(row, call.value);
  if (keyspace.encodingOf(row) === StringEncoding.raw) {
    args.sds[index] = value.payload;
    value.payload = heap.malloc(sdsBytes(heap.sds, value.detail), StructKind.valueString);
    value.kind = stringKind(StringEncoding.raw, sdsHeader(heap.sds, value.detail));
  }
  value.object = 0;
  keyspace.setValue(row, value);
}

/** Deletes a string if it meets a condition. `problem` is the reply to a key of another type. */
function deleteIf(call: Call, conditionOf: () => ValueCondition | string, problem?: string): void {
  const row = call.lookupWrite(1);
  if (row === 0) {
    call.reply.integer(0);
    return;
  }
  if (call.typeOf(row) !== ValueType.string) {
    if (problem === undefined) call.reply.wrongType();
    else call.reply.error(problem);
    return;
  }
  const condition = orReplyError(call, conditionOf());
  const isMet = condition === undefined ? undefined : meets(call, row, condition);
  if (isMet === undefined) return;
  if (isMet) {
    call.db.delete(row, call.settings.lazyfreeLazyServerDel);
    call.args.rewrite(2, [1]);
    call.dirty++;
  }
  call.reply.integer(isMet ? 1 : 0);
}

const delex = parsed(parseDelex, (call, { isConditional }) => {
  if (isConditional) deleteIf(call, () => conditionOfDelex(call), NOT_A_STRING);
  else deleteOne(call);
});

function deleteOne(call: Call): void {
  const isDeleted = !call.deletesExpired(1) && call.deleteNamed(1);
  if (isDeleted) call.dirty++;
  call.reply.integer(isDeleted ? 1 : 0);
}

function digest(call: Call): void {
  const row = call.lookupRead(1);
  if (!isStringOrAbsent(call, row)) return;
  if (row === 0) {
    call.reply.nil();
    return;
  }
  makeDigest(call);
  call.reply.bulk(DIGEST_DIGITS);
}

function strlen(call: Call): void {
  const row = call.lookupRead(1);
  if (isStringOrAbsent(call, row)) call.reply.integer(row === 0 ? 0 : stringLength(call, row));
}

const getrange = parsed(parseIndexRange, (call, range) => {
  const row = call.lookupRead(1);
  if (!isStringOrAbsent(call, row)) return;
  const length = row === 0 ? 0 : stringLength(call, row);
  call.reply.bulk(isReversed(range) ? 0 : bytesIn(range, length).count);
});

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
  // An empty string with a number appended is a number.
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

const setrange = parsed(parseSetrange, (call, offset) => {
  const written = call.length(3);
  const row = call.lookupWrite(1);
  if (!isStringOrAbsent(call, row)) return;
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
});

/** Grows the string at key 1 (`row`, or 0 if missing) to at least `length` bytes and returns its length. */
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

const setbit = parsed(
  (call: Call) => parseSetbit(call, call.settings.protoMaxBulkLen),
  (call, { offset }) => {
    const row = call.lookupWrite(1);
    if (!isStringOrAbsent(call, row)) return;
    growTo(call, row, Math.floor(offset / 8) + 1);
    call.dirty++;
    call.reply.integer(0);
  },
);

const getbit = parsed(
  (call: Call) => bitOffset(call, 2, call.settings.protoMaxBulkLen),
  (call) => {
    if (isStringOrAbsent(call, call.lookupRead(1))) call.reply.integer(0);
  },
);

/** incrDecrCommand: adds `change` to the integer at key 1. */
function changeBy(call: Call, change: bigint): void {
  const row = call.lookupWrite(1);
  if (!isStringOrAbsent(call, row)) return;
  const before = row === 0 ? 0n : integerTextOf(call, row);
  if (before === undefined) {
    call.reply.error(NOT_AN_INTEGER);
    return;
  }
  const after = orReplyError(call, sum64(before, change));
  if (after === undefined) return;
  if (row === 0) {
    call.addValue(1, newInteger(call, after));
  } else if (!setIntegerInPlace(call, row, after)) {
    call.db.overwrite(row, newInteger(call, after));
    rememberText(call, row, undefined);
  }
  call.dirty++;
  call.reply.integer(after);
}

function incrbyfloat(call: Call): void {
  const row = call.lookupWrite(1);
  if (!isStringOrAbsent(call, row)) return;
  const before = row === 0 ? '0' : (textOf(call, row) ?? '');
  const sum = orReplyError(call, floatSum(before, call.text(2)));
  if (sum === undefined) return;
  const value = newString(call, sum.text.length);
  if (row === 0) rememberText(call, call.addValue(1, value), sum.text);
  else {
    call.db.overwrite(row, value);
    rememberText(call, row, sum.text);
  }
  call.dirty++;
  call.reply.bulk(sum.text.length);
  call.args.rewriteOne(0);
  call.args.rewriteOne(2);
  call.args.extend(4);
}

/** Returns the row's value as an integer, in any encoding; undefined if it is none. */
function integerTextOf(call: Call, row: number): bigint | undefined {
  if (isInteger(call, row)) return integerOf(call, row);
  const text = call.keyspace.texts.get(row);
  return text === undefined ? undefined : parseInteger64(text);
}

function rememberText(call: Call, row: number, text: string | undefined): void {
  const { texts } = call.keyspace;
  if (text !== undefined && parseFloat64(text) !== undefined) texts.set(row, text);
  else texts.delete(row);
}

export const STRING_COMMANDS: Handlers = {
  set: parsed((call) => parseSet(call, call.version.commands.valueConditions), setTo(2)),
  setnx,
  setex: (call) => setLater(call, SETEX_REQUEST),
  psetex: (call) => setLater(call, PSETEX_REQUEST),
  get,
  getset,
  getdel,
  getex: parsed(parseGetex, getex),
  mget,
  mset,
  msetnx,
  msetex: parsed((call) => parseMsetex(call, call.version.commands.msetex), msetex),
  delex,
  delifeq: (call) => deleteIf(call, () => DELIFEQ_CONDITION),
  digest,
  strlen,
  getrange,
  substr: getrange,
  append,
  setrange,
  setbit,
  getbit,
  incr: (call) => changeBy(call, 1n),
  decr: (call) => changeBy(call, -1n),
  incrby: parsed(parseIncrement, changeBy),
  decrby: parsed(parseDecrement, changeBy),
  incrbyfloat,
};
