/**
 * Decides the header sizes of sds strings. The header grows with the length it records. A string of under 32 bytes has
 * its length in one byte of flags ("type 5"). That byte cannot record spare room, so strings meant to grow avoid it.
 */
export interface SdsPolicy {
  /** The longest string whose header has one byte for the length and one for the room. */
  readonly oneByteUpTo: number;
  /** The longest string whose header has two bytes for each. */
  readonly twoBytesUpTo: number;
  /** Whether a string that is cut to size keeps its region's spare bytes as room. */
  readonly keepsSpareWhenCut: boolean;
}

export const redisSds: SdsPolicy = { oneByteUpTo: 255, twoBytesUpTo: 65_535, keepsSpareWhenCut: false };

/** The policy of Valkey, whose header must be able to count the whole region, with header and end (sdsReqType). */
export const valkeySds: SdsPolicy = { oneByteUpTo: 252, twoBytesUpTo: 65_530, keepsSpareWhenCut: true };

/** Returns the header bytes of a new string of `length` bytes. */
export function sdsHeader(policy: SdsPolicy, length: number): number {
  // An empty string is usually created to append to, so it gets the header that can grow.
  return length > 0 && length < 32 ? 1 : growableHeader(policy, length);
}

/** Returns the requested bytes of a new string of `length` bytes. */
export function sdsBytes(policy: SdsPolicy, length: number): number {
  return sdsHeader(policy, length) + length + 1;
}

/** Returns the requested bytes of a string that cannot grow, whose header has a length and no room (mstr.c). */
export function fixedStringBytes(length: number): number {
  if (length < 32) return 1 + length + 1;
  return (length < 65_536 ? 3 : 9) + length + 1;
}

/** Returns the requested bytes of a string with room for `length` bytes. */
export function growableSdsBytes(policy: SdsPolicy, length: number): number {
  return growableHeader(policy, length) + length + 1;
}

function growableHeader({ oneByteUpTo, twoBytesUpTo }: SdsPolicy, length: number): number {
  if (length <= oneByteUpTo) return 3;
  if (length <= twoBytesUpTo) return 5;
  return length < 0x100000000 ? 9 : 17;
}

/**
 * Returns the bytes of one allocation for an object and a string of `length` bytes. The string follows the first `head`
 * bytes of the object, and the allocation has at least the bytes of an object.
 */
export function embeddedStringBytes(head: number, length: number): number {
  return Math.max(OBJECT_BYTES, head + 3 + length + 1);
}

const OBJECT_BYTES = 16;
