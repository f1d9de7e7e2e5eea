import { grown, NumberPool } from '../../base/index.js';

/**
 * The layout of a bucket in the model: a record of one cache line, as the bucket of a server is one.
 *
 *     CHILD     the number of its child bucket, which takes the place of the last entry; 0 for none
 *     HANDLE    a child's allocation
 *     FILLED    a bit for each place that has an element
 *     TAGS      a byte of each element's hash, so that most other elements are passed without being read
 *     ELEMENTS  the element in each place
 */
export const BUCKET_SHIFT = 4;
export const CHILD = 0;
export const HANDLE = 1;
export const FILLED = 2;
const TAGS = 3;
const ELEMENTS = 8;

/** Places of a bucket without a child. */
export const PLACES = 7;
/** The place that a child bucket takes. */
export const LAST_PLACE = PLACES - 1;

/** The child buckets of many tables, as records in one array. Number 0 means none. */
export class ChildBuckets {
  words = new Uint32Array(0);
  readonly #numbers = new NumberPool(1, 0x07ffffff, 'child buckets');

  /** Returns the number of an empty bucket. The array may be another one afterwards. */
  take(handle: number): number {
    const child = this.#numbers.take();
    this.words = grown(this.words, (child + 1) << BUCKET_SHIFT);
    const at = child << BUCKET_SHIFT;
    this.words[at | CHILD] = 0;
    this.words[at | HANDLE] = handle;
    this.words[at | FILLED] = 0;
    return child;
  }

  give(child: number): void {
    this.#numbers.give(child);
  }
}

export function elementAt(words: Uint32Array, at: number, place: number): number {
  return words[at | (ELEMENTS + place)]! | 0;
}

export function isFilled(words: Uint32Array, at: number, place: number): boolean {
  return (words[at | FILLED]! & (1 << place)) !== 0;
}

/** Returns the first place without an element; `PLACES` or the place of the child if the bucket is full. */
export function freePlace(words: Uint32Array, at: number): number {
  const free = ~words[at | FILLED]!;
  return 31 - Math.clz32(free & -free);
}

/** Returns the first place that has an element. The bucket is not empty. */
export function firstPlace(words: Uint32Array, at: number): number {
  const filled = words[at | FILLED]!;
  return 31 - Math.clz32(filled & -filled);
}

export function fill(words: Uint32Array, at: number, place: number, element: number, hash: number): void {
  const tags = at | (TAGS + (place >>> 2));
  const shift = (place & 3) << 3;
  words[tags] = (words[tags]! & ~(0xff << shift)) | ((hash >>> 24) << shift);
  words[at | (ELEMENTS + place)] = element;
  words[at | FILLED] = words[at | FILLED]! | (1 << place);
}

export function clear(words: Uint32Array, at: number, place: number): void {
  words[at | FILLED] = words[at | FILLED]! & ~(1 << place);
}

/** Returns a bit for each filled place whose element may have that hash. */
export function candidates(words: Uint32Array, at: number, hash: number): number {
  const wanted = Math.imul(hash >>> 24, 0x01010101);
  const low = zeroBytes(words[at | TAGS]! ^ wanted);
  const high = zeroBytes(words[at | (TAGS + 1)]! ^ wanted);
  if ((low | high) === 0) return 0;
  const bits = gathered(low) | (gathered(high) << 4);
  return bits & words[at | FILLED]!;
}

/** Returns a word with the top bit of each zero byte set; a byte of 1 above a zero byte may be set as well. */
function zeroBytes(word: number): number {
  return (word - 0x01010101) & ~word & 0x80808080;
}

/** Gathers the top bits of four bytes in the lowest four bits. */
function gathered(word: number): number {
  return ((word >>> 7) & 1) | ((word >>> 14) & 2) | ((word >>> 21) & 4) | ((word >>> 28) & 8);
}
