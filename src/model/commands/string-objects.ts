import { parseInteger64 } from '../../base/index.js';
import {
  embeddedStringBytes,
  SdsString,
  StructKind,
  sdsBytes,
  sdsHeader,
  usableRoom,
} from '../heap/index.js';
import { headerOfKind, isTightKind, StringEncoding, stringKind, type Value } from '../keyspace/index.js';
import type { Call } from '../server/index.js';
import { highWord, isShared, lowWord, SHARED_INTEGER, SHARED_INTEGERS, trimmed } from '../values/index.js';

/** The length of the longest text that can be a 64-bit integer. */
const MAX_INTEGER_LENGTH = 20;

/**
 * tryObjectEncoding: encodes an argument. An integer loses its text, a short string is embedded, and a long one may
 * free its spare room. The result is in `call.value`; a caller that keeps it takes the argument.
 */
export function encodeArgument(call: Call, index: number): Value {
  const { args, heap, version } = call;
  const length = call.length(index);
  if (length <= MAX_INTEGER_LENGTH) {
    const value = integerArgument(call, index);
    if (value !== undefined) return encodeInteger(call, index, value);
  }
  const sds = args.sds[index]!;
  const object = args.object[index]!;
  if (sds === 0) return call.value.set(stringKind(StringEncoding.embedded), object, 0, length);
  if (length <= version.strings.embeddedLimit) {
    const embedded = heap.malloc(
      embeddedStringBytes(version.sizes.embeddedObjectHead, length),
      StructKind.valueObject,
    );
    args.release(index);
    args.object[index] = embedded;
    return call.value.set(stringKind(StringEncoding.embedded), embedded, 0, length);
  }
  const header = args.header[index]!;
  const isTight = length >= version.strings.trimsFrom && trimmed(call.heap, sds, header, length);
  return call.value.set(stringKind(StringEncoding.raw, header, isTight), object, sds, length);
}

/** Allocates a new string object without an owner yet (createStringObject), and returns it as a value. */
export function newString(call: Call, length: number): Value {
  const { heap, version } = call;
  if (length > version.strings.embeddedLimit) return newRawString(call, length);
  const object = heap.malloc(
    embeddedStringBytes(version.sizes.embeddedObjectHead, length),
    StructKind.valueObject,
  );
  return call.value.set(stringKind(StringEncoding.embedded), object, 0, length);
}

/** createRawStringObject: allocates the sds, then (after `between`) the object, at any length. */
export function newRawString(call: Call, length: number, between?: () => void): Value {
  const { heap, version } = call;
  const sds = heap.malloc(sdsBytes(heap.sds, length), StructKind.valueString);
  between?.();
  const object = heap.malloc(version.sizes.object, StructKind.valueObject);
  return call.value.set(stringKind(StringEncoding.raw, sdsHeader(heap.sds, length)), object, sds, length);
}

/** Allocates a temporary string object; returns its handles in the order in which they are freed. */
export function newTemporaryString({ heap, version }: Call, length: number): number[] {
  if (length <= version.strings.embeddedLimit) {
    return [heap.malloc(embeddedStringBytes(version.sizes.embeddedObjectHead, length), StructKind.temporary)];
  }
  const sds = heap.malloc(sdsBytes(heap.sds, length), StructKind.temporary);
  return [sds, heap.malloc(version.sizes.object, StructKind.temporary)];
}

export function freeTemporary({ heap }: Call, handles: readonly number[]): void {
  for (const handle of handles) heap.free(handle);
}

/** createStringObjectFromLongLong: returns the handle of a temporary integer object; 0 if it is shared. */
export function newTemporaryInteger(call: Call, value: number): number {
  if (value >= 0 && value < SHARED_INTEGERS) return 0;
  return call.heap.malloc(call.version.sizes.object, StructKind.argumentObject);
}

/** Returns the integer of a row whose encoding is integer. */
export function integerOf(call: Call, row: number): bigint {
  const { keyspace } = call;
  return (BigInt(keyspace.detail(row) | 0) << 32n) | BigInt(keyspace.payload(row));
}

/** Returns the text of a string if the model knows it, as it does of numbers. */
export function textOf(call: Call, row: number): string | undefined {
  return isInteger(call, row) ? integerOf(call, row).toString() : call.keyspace.texts.get(row);
}

export function isInteger(call: Call, row: number): boolean {
  const encoding = call.keyspace.encodingOf(row);
  return encoding === StringEncoding.integer || encoding === StringEncoding.sharedInteger;
}

/** stringObjectLen: returns the length of a string; for an integer that of its text. */
export function stringLength(call: Call, row: number): number {
  return isInteger(call, row) ? integerOf(call, row).toString().length : call.keyspace.detail(row);
}

/** Changes an integer in place if possible, so that it keeps its object; returns whether it did. */
export function setIntegerInPlace(call: Call, row: number, value: bigint): boolean {
  const { keyspace } = call;
  if (keyspace.encodingOf(row) !== StringEncoding.integer) return false;
  // A key's own object is never shared.
  const isOwn = call.version.keys.name === 'inObject';
  if (!isOwn && call.version.strings.sharesIntegers && value >= 0 && value < SHARED_INTEGERS) return false;
  keyspace.setWords(row, keyspace.kind(row), lowWord(value), highWord(value));
  return true;
}

/** Returns a row's raw string as an sds that can grow; `storeSds` writes it back. */
export function loadSds(call: Call, row: number): SdsString {
  const { keyspace, heap } = call;
  keyspace.recallBirth(row);
  const kind = keyspace.kind(row);
  const sds = new SdsString(heap, StructKind.valueString);
  sds.handle = keyspace.payload(row);
  sds.length = keyspace.detail(row);
  sds.header = headerOfKind(kind);
  const isExact = isTightKind(kind) || sds.header === 1;
  sds.room = isExact ? sds.length : usableRoom(heap, sds.handle, sds.header);
  return sds;
}

export function storeSds(call: Call, row: number, sds: SdsString): void {
  const { keyspace } = call;
  const isTight = sds.header > 1 && sds.room === sds.length;
  keyspace.setWords(row, stringKind(StringEncoding.raw, sds.header, isTight), sds.handle, sds.length);
}

/** dbUnshareStringValue: makes a string raw before a command changes it. */
export function unshare(call: Call, row: number): void {
  if (call.keyspace.encodingOf(row) === StringEncoding.raw) return;
  const { heap, version } = call;
  const isNumber = isInteger(call, row);
  const length = stringLength(call, row);
  // getDecodedObject: an integer gets a temporary text.
  const decoded = isNumber
    ? heap.malloc(embeddedStringBytes(version.sizes.embeddedObjectHead, length), StructKind.temporary)
    : 0;
  const value = newRawString(call, length);
  if (decoded !== 0) heap.free(decoded);
  call.db.overwrite(row, value);
}

function integerArgument(call: Call, index: number): bigint | number | undefined {
  const value = call.exactInteger(index);
  return value === undefined && call.length(index) > 15 ? parseInteger64(call.text(index)) : value;
}

function encodeInteger(call: Call, index: number, value: bigint | number): Value {
  const { args, heap, version } = call;
  if (isShared(call, value)) {
    args.release(index);
    return call.value.set(SHARED_INTEGER, 0, Number(value), 0);
  }
  args.release(index);
  const object = heap.malloc(version.sizes.object, StructKind.valueObject);
  args.object[index] = object;
  return call.value.set(stringKind(StringEncoding.integer), object, lowWord(value), highWord(value));
}
