import { integerValue, isIntegerText } from '../../base/index.js';
/** Returns the bytes of a listpack entry: its header, its data, and its length again for walking backwards. */
export function withBacklen(encoded: number): number {
  if (encoded <= 127) return encoded + 1;
  if (encoded < 16_383) return encoded + 2;
  if (encoded < 2_097_151) return encoded + 3;
  return encoded + (encoded < 268_435_455 ? 4 : 5);
}

/**
 * Returns the bytes of a string's entry, if the string is no integer; the header has its length in 6, 12 or 32 bits.
 */
export function stringEntryBytes(length: number): number {
  if (length < 64) return withBacklen(1 + length);
  return withBacklen((length < 4096 ? 2 : 5) + length);
}

/** Returns the bytes of an integer's entry: 7 or 13 bits in the header, or 16, 24, 32 or 64 bits after it. */
export function integerEntryBytes(value: number | bigint): number {
  if (value >= 0 && value <= 127) return 2;
  if (value >= -4096 && value <= 4095) return 3;
  if (value >= -0x8000 && value <= 0x7fff) return 4;
  if (value >= -0x800000 && value <= 0x7fffff) return 5;
  return value >= -0x80000000 && value <= 0x7fffffff ? 6 : 10;
}

/** Returns the bytes of a string's entry, which is stored as an integer if the text is one. */
export function entryBytes(bytes: Uint8Array, start: number, length: number): number {
  return isIntegerText(bytes, start, length)
    ? integerEntryBytes(integerValue(bytes, start, length))
    : stringEntryBytes(length);
}
