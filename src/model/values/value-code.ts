import type { ByteArena } from './byte-arena.js';
import { entryBytes, stringEntryBytes } from './listpack-entry.js';
import type { LookupKey } from './lookup-key.js';

/**
 * The top bit of a value code that is only a length. Values are never compared, so a hash keeps only their lengths. A
 * value that HINCRBY or SORT … BY may read as a number is kept in the byte arena, and its code is the slot.
 */
const OPAQUE = 0x80000000;
const LONGEST_NUMBER = 40;

export function valueCode(contents: ByteArena, value: LookupKey): number {
  return mayBeNumber(value) ? contents.keep(value) : (OPAQUE | value.length) >>> 0;
}

export function releaseValue(contents: ByteArena, code: number): void {
  if (code < OPAQUE) contents.release(code);
}

export function valueLength(contents: ByteArena, code: number): number {
  return code < OPAQUE ? contents.length(code) : code - OPAQUE;
}

export function copyValue(contents: ByteArena, code: number): number {
  return code < OPAQUE ? contents.copy(code) : code;
}

/** Returns the bytes of a value that may be a number; they are valid until the next `keep`. */
export function numberText(contents: ByteArena, code: number): Uint8Array | undefined {
  return code < OPAQUE ? contents.known(code) : undefined;
}

/** Returns the bytes of the value's entry in a listpack. */
export function valueEntryBytes(contents: ByteArena, code: number): number {
  if (code >= OPAQUE) return stringEntryBytes(code - OPAQUE);
  const text = contents.known(code);
  return entryBytes(text, 0, text.length);
}

function mayBeNumber({ bytes, start, length }: LookupKey): boolean {
  if (length === 0 || length > LONGEST_NUMBER) return false;
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at]!;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    // + - . e E
    if (!isDigit && byte !== 0x2b && byte !== 0x2d && byte !== 0x2e && (byte | 0x20) !== 0x65) return false;
  }
  return true;
}
