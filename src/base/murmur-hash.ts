/**
 * Returns the hash of a name: MurmurHash3 (Austin Appleby, public domain), 32 bits without the top one. The other 31
 * bits are a small integer for engines, and no table has 2^31 buckets.
 *
 * A server draws a random key for its hash at start. This hash never changes, so that the same input fills the same
 * buckets on every machine.
 */
export function hashOf(bytes: Uint8Array, from: number, length: number): number {
  let hash = SEED;
  let at = from | 0;
  const end = (at + (length & ~3)) | 0;
  for (; at < end; at = (at + 4) | 0) {
    hash ^= scrambled(wordAt(bytes, at));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  const left = length & 3;
  if (left > 0) {
    let tail = bytes[at]!;
    if (left > 1) tail |= bytes[(at + 1) | 0]! << 8;
    if (left > 2) tail |= bytes[(at + 2) | 0]! << 16;
    hash ^= scrambled(tail);
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & 0x7fffffff;
}

/**
 * Returns four bytes as a word. Each sum is cut to 32 bits. Otherwise a compiler would add in floating point, since a
 * place from a column of unsigned words might be 2^32.
 */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (
    bytes[at]! | (bytes[(at + 1) | 0]! << 8) | (bytes[(at + 2) | 0]! << 16) | (bytes[(at + 3) | 0]! << 24)
  );
}

const SEED = 0x51ab1ab;

function scrambled(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
