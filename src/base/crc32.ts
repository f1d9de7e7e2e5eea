/** CRC-32 of zlib, gzip and PNG, for places without zlib: eight bytes at a time, with a table for each of them. */

const SLICES = 8;

type Table = Uint32Array;

const [T0, T1, T2, T3, T4, T5, T6, T7] = tables() as [Table, Table, Table, Table, Table, Table, Table, Table];

/** Returns eight tables: the sums of each byte, followed by none, one, two, … seven bytes of zeros. */
function tables(): Table[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    return sum;
  });
  const all = [first];
  for (let slice = 1; slice < SLICES; slice++) {
    all.push((all[slice - 1] as Table).map((sum) => (sum >>> 8) ^ first[sum & 0xff]!));
  }
  return all;
}

/**
 * Returns the sum of the bytes. With `before`, the sum of earlier bytes, it returns the sum of these and the earlier
 * bytes.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  let at = 0;
  for (const last = bytes.length - SLICES; at <= last; at += SLICES) {
    const low = sum ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    sum =
      T7[low & 0xff]! ^
      T6[(low >>> 8) & 0xff]! ^
      T5[(low >>> 16) & 0xff]! ^
      T4[low >>> 24]! ^
      T3[bytes[at + 4]!]! ^
      T2[bytes[at + 5]!]! ^
      T1[bytes[at + 6]!]! ^
      T0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) {
    sum = (sum >>> 8) ^ T0[(sum ^ bytes[at]!) & 0xff]!;
  }
  return ~sum >>> 0;
}
