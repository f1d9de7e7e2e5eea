import { grown } from '../../base/index.js';
import { ChildBuckets } from './bucket-records.js';

/**
 * Keeps three words for each element of a table: its hash, the next element in the same bucket, and the handle of its
 * dict entry. The entry is 0 where the bucket points to the element itself. The caller chooses the element numbers, and
 * 0 means "none".
 *
 * The three words lie side by side, because lookups reach elements at random and each memory line costs a wait. They
 * may be part of larger records. Several tables may use the same hashes, if an element has the same name in each.
 */
export class TableElements {
  hashes: Uint32Array;
  readonly hashStride: number;
  /** Next element and entry, side by side. */
  links: Uint32Array;
  readonly linkStride: number;
  /** The child buckets of the tables, for versions whose buckets have several entries. */
  readonly children = new ChildBuckets();
  #words: Uint32Array<ArrayBuffer> | undefined;

  /** Makes its own arrays if `isOwn`; else the caller sets the arrays and makes them longer. */
  constructor(hashStride = OWN_STRIDE, linkStride = OWN_STRIDE, isOwn = true) {
    this.hashStride = hashStride;
    this.linkStride = linkStride;
    this.#words = isOwn ? new Uint32Array(16 * OWN_STRIDE) : undefined;
    this.hashes = this.#words ?? EMPTY;
    this.links = this.hashes.subarray(1);
  }

  /** Makes room for element numbers up to and including `element`. */
  reach(element: number): void {
    if (this.#words === undefined) throw new Error('the arrays are the caller’s to make longer');
    const words = grown(this.#words, (element + 1) * OWN_STRIDE);
    if (words === this.#words) return;
    this.#words = words;
    this.hashes = words;
    this.links = words.subarray(1);
  }

  hashOf(element: number): number {
    return this.hashes[Math.imul(element, this.hashStride)]! | 0;
  }

  setHash(element: number, hash: number): void {
    this.hashes[Math.imul(element, this.hashStride)] = hash;
  }

  next(element: number): number {
    return this.links[Math.imul(element, this.linkStride)]! | 0;
  }

  setNext(element: number, next: number): void {
    this.links[Math.imul(element, this.linkStride)] = next;
  }

  entry(element: number): number {
    return this.links[(Math.imul(element, this.linkStride) + 1) | 0]! | 0;
  }

  setEntry(element: number, entry: number): void {
    this.links[(Math.imul(element, this.linkStride) + 1) | 0] = entry;
  }
}

const OWN_STRIDE = 3;
const EMPTY = new Uint32Array(0);
