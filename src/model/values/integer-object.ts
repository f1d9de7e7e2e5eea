import { type Heap, SdsString, StructKind, usableRoom } from '../heap/index.js';
import { StringEncoding, stringKind, type Value } from '../keyspace/index.js';
import type { Settings } from '../settings/index.js';
import type { ServerVersion } from '../versions/index.js';
/** Integers from 0 up to this one (exclusive) exist once, from start-up on. */
export const SHARED_INTEGERS = 10_000;

/** What a string object is made with. */
export interface StringMaker {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  /** The register that the made value is returned in. */
  readonly value: Value;
}

/** createStringObjectFromLongLongForValue: shared, or an object whose pointer is the number. */
export function newInteger(maker: StringMaker, value: bigint | number): Value {
  if (isShared(maker, value)) return maker.value.set(SHARED_INTEGER, 0, Number(value), 0);
  const object = maker.heap.malloc(maker.version.sizes.object, StructKind.valueObject);
  return maker.value.set(stringKind(StringEncoding.integer), object, lowWord(value), highWord(value));
}

/** sdsRemoveFreeSpace, if more than a tenth is spare. True if the string is left without room to grow. */
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
  return value >= 0 && value < SHARED_INTEGERS && maker.settings.sharesIntegers;
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
