import { hashOf, latin1Bytes, wordAt } from '../../base/index.js';

const NONE = new Uint8Array();

/**
 * A string for a lookup or for storing: the place of its bytes, and its hashes. Hashes are computed on demand, since
 * most values are never hashed. One key is filled again and again, so that a lookup allocates no object.
 */
export class LookupKey {
  bytes: Uint8Array = NONE;
  start = 0;
  length = 0;
  #hash = 0;
  #secondHash = 0;
  #isHashed = false;

  set(bytes: Uint8Array, start: number, length: number): this {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.#isHashed = false;
    return this;
  }

  /** Sets a string of which only the first bytes are known, with its two hashes. */
  setHashed(bytes: Uint8Array, start: number, length: number, hash: number, second: number): this {
    this.set(bytes, start, length);
    this.#hash = hash;
    this.#secondHash = second;
    this.#isHashed = true;
    return this;
  }

  /** Sets the hash of a string that is kept whole; longer strings ignore it. */
  know(hash: number): this {
    if (this.length > LONGEST_WHOLE) return this;
    this.#hash = hash;
    this.#secondHash = 0;
    this.#isHashed = true;
    return this;
  }

  /** The hash that selects a bucket in a hash table. */
  get hash(): number {
    if (!this.#isHashed) this.#workOut();
    return this.#hash;
  }

  /** The second hash, which with `hash` is the 63-bit fingerprint of a string too long to be kept. */
  get secondHash(): number {
    if (!this.#isHashed) this.#workOut();
    return this.#secondHash;
  }

  /** Sets a text of which each character is one byte. */
  setText(text: string): this {
    return this.set(latin1Bytes(text), 0, text.length);
  }

  #workOut(): void {
    const { bytes, start, length } = this;
    this.#hash = hashOf(bytes, start, length);
    this.#secondHash = length > LONGEST_WHOLE ? secondHash(bytes, start, length) : 0;
    this.#isHashed = true;
  }
}

/** Strings longer than this are not kept whole. */
export const LONGEST_WHOLE = 60;

// FNV-1a over words of four bytes. It is independent of hashOf and used for long strings only.
function secondHash(bytes: Uint8Array, start: number, length: number): number {
  let hash = 0x811c9dc5 ^ length;
  let at = start;
  const end = start + length;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ wordAt(bytes, at), 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 0;
}
