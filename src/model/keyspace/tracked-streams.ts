import { ContainerKind, DataType, type Heap, StructKind, tagOf } from '../heap/index.js';
import type { StructSizes } from '../versions/index.js';

/** The slots of the first array of a dict. */
const FIRST_SLOTS = 4;

/**
 * The streams of a database that remember requests, by the names that commands gave (stream_idmp_keys). Its struct is one of
 * those that a server makes when it starts. The array grows at once, where a server moves it bucket by bucket.
 */
export class TrackedStreams {
  readonly #heap: Heap;
  readonly #sizes: StructSizes;
  /** The entry of each stream, with the name's string. */
  readonly #entries = new Map<number, readonly number[]>();
  #array = 0;
  #slots = 0;

  constructor(heap: Heap, sizes: StructSizes) {
    this.#heap = heap;
    this.#sizes = sizes;
  }

  get rows(): IterableIterator<number> {
    return this.#entries.keys();
  }

  has(row: number): boolean {
    return this.#entries.has(row);
  }

  /** Adds a stream. The handles are those of its name's string, which is freed with the entry. */
  add(row: number, name: readonly number[]): void {
    if (this.#entries.size >= this.#slots) this.#grow();
    const { dictEntry } = this.#sizes;
    const entry = this.#heap.malloc(dictEntry, tagOf(StructKind.dictEntry, DataType.stream));
    this.#entries.set(row, [...name, entry]);
  }

  /** Removes a stream, if it is there. */
  remove(row: number): void {
    const handles = this.#entries.get(row);
    if (handles === undefined) return;
    for (const handle of handles) this.#heap.free(handle);
    this.#entries.delete(row);
  }

  /** Removes all streams. */
  clear(): void {
    for (const row of [...this.#entries.keys()]) this.remove(row);
    if (this.#array !== 0) this.#heap.free(this.#array);
    this.#array = 0;
    this.#slots = 0;
  }

  #grow(): void {
    const slots = Math.max(FIRST_SLOTS, this.#slots * 2);
    const array = this.#heap.calloc(slots * this.#sizes.pointer, ContainerKind.stream);
    if (this.#array !== 0) this.#heap.free(this.#array);
    this.#array = array;
    this.#slots = slots;
  }
}
