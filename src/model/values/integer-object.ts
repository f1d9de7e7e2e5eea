import { type Heap, SdsString, StructKind, usableRoom } from '../heap/index.js';
import { StringEncoding, stringKind, type Value } from '../keyspace/index.js';
import type { Settings } from '../settings/index.js';
import type { ServerVersion } from '../versions/index.js';
/** Integers from 0 to this one (exclusive) are shared objects that exist from start-up on. */
export const SHARED_INTEGERS = 10_000;

/** The server's parts that are needed for making a string object. */
export interface StringMaker {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  /** The register in which the new value is returned. */
  readonly value: Value;
}

/**
 * Makes an integer object (createStringObjectFromLongLongForValue): a shared one, or an object whose pointer is the
 * number.
 */
export function newInteger(maker: StringMaker, value: bigint | number): Value {
  if (isShared(maker, value)) return maker.value.set(SHARED_INTEGER, 0, Number(value), 0);
  const object = maker.heap.malloc(maker.version.sizes.object, StructKind.valueObject);
  return maker.value.set(stringKind(StringEncoding.integer), object, lowWord(value), highWord(value));
}

/**
 * Trims a string of which more than a tenth is spare (sdsRemoveFreeSpace). Returns whether the string has no more
 * room to grow.
 */
export function trimmed(heap: Heap, sds: number, header: number, length: number): boolean {
  const spare = header === 1 ? 0 : usableRoom(heap, sds, header) - length;
  if (spare <= Math.floor(length / 10)) return false;
  const string = new SdsString(heap, StructKind.valueString);
  string.handle = sds;
  string.length = length;
  string.header = header;
  string.room = length + spare;
  string.resize(length, false);
  return string.room === length;
}

export function isShared(maker: StringMaker, value: bigint | number): boolean {
  const { version, settings } = maker;
  return version.strings.sharesIntegers && value >= 0 && value < SHARED_INTEGERS && settings.sharesIntegers;
}

export function lowWord(value: bigint | number): number {
  return typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : value >>> 0;
}

export function highWord(value: bigint | number): number {
  return typeof value === 'bigint'
    ? Number(BigInt.asUintN(32, value >> 32n))
    : Math.floor(value / 0x100000000) >>> 0;
}

export const SHARED_INTEGER = stringKind(StringEncoding.sharedInteger);
