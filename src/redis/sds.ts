/**
 * Sizes of sds strings. The header grows with the length it has to hold; a string of under 32 bytes keeps its length
 * in one byte of flags ("type 5"), which cannot record spare room, so strings meant to grow avoid it.
 */

/** Header of a new string of `length` bytes. */
export function sdsHeader(length: number): number {
  // An empty string is usually created to append to, so it gets the header that can grow.
  return length > 0 && length < 32 ? 1 : growableHeader(length);
}

/** Bytes asked for when a string of `length` bytes is created. */
export function sdsBytes(length: number): number {
  return sdsHeader(length) + length + 1;
}

/** Bytes asked for when a string is given room for `length` bytes. */
export function growableSdsBytes(length: number): number {
  return growableHeader(length) + length + 1;
}

function growableHeader(length: number): number {
  if (length < 0x100) return 3;
  if (length < 0x10000) return 5;
  return length < 0x100000000 ? 9 : 17;
}

/** Bytes asked for when a string of `length` bytes is embedded behind its object. */
export function embeddedStringBytes(objectBytes: number, length: number): number {
  return objectBytes + 3 + length + 1;
}
