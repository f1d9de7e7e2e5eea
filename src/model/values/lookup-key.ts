import { hashOf, latin1Bytes, wordAt } from '../../base/index.js';
/**
 * A string that is being looked for or about to be stored: where its bytes lie, and its hashes, which are worked out
 * when somebody asks: most values are never hashed. One Needle is filled again and again, so that a lookup costs no
 * object.
 */
export class LookupKey {
  bytes: Uint8Array = new Uint8Array();
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

  /** Of a string of which only the first bytes are known. */
  setHashed(bytes: Uint8Array, start: number, length: number, hash: number, second: number): this {
    this.set(bytes, start, length);
    this.#hash = hash;
    this.#secondHash = second;
    this.#isHashed = true;
    return this;
  }

  /** What its hash is. */
  know(hash: number): this {
    if (this.length > LONGEST_WHOLE) return this;
    this.#hash = hash;
    this.#secondHash = 0;
    this.#isHashed = true;
    return this;
  }

  /** Where it belongs in a hash table. */
  get hash(): number {
    if (!this.#isHashed) this.#workOut();
    return this.#hash;
  }

  /** With `hash`, the 63 bits that stand for a string too long to keep. */
  get secondHash(): number {
    if (!this.#isHashed) this.#workOut();
    return this.#secondHash;
  }

  /** Text of which each character is one byte. */
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

// FNV-1a over words of four bytes: independent of hashOf, and only ever used for strings that are long.
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
