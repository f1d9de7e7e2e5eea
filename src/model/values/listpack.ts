import type { Heap } from '../heap/index.js';
/** Bytes of an empty listpack: total bytes, number of entries, end mark. */
export const EMPTY_LISTPACK = 7;

/**
 * One listpack as its allocation, with a length that grows and shrinks. Its users keep the contents of its entries.
 *
 * Growing requests exactly the needed bytes, and only when they exceed the usable size. So a growing listpack passes
 * through every size class. Removing an entry returns the spare bytes each time.
 */
export class Listpack {
  /** Returns the listpack of an allocation. `owner` is one of ListpackKind, or a stream's. */
  constructor(
    readonly handle: number,
    readonly owner: number,
    public bytes: number,
  ) {}

  /** Allocates an empty listpack with `capacity` bytes (lpNew). */
  static create(heap: Heap, owner: number, capacity = 0): Listpack {
    return new Listpack(heap.malloc(Math.max(capacity, EMPTY_LISTPACK), owner), owner, EMPTY_LISTPACK);
  }

  /** Returns a loaded listpack, whose allocation has exactly its bytes. */
  static loaded(heap: Heap, owner: number, bytes: number): Listpack {
    return new Listpack(heap.malloc(bytes, owner), owner, bytes);
  }

  /** Replaces entries of `removed` bytes by an entry of `added` bytes (lpInsert). */
  change(heap: Heap, added: number, removed: number): void {
    const bytes = this.bytes + added - removed;
    if (bytes < this.bytes || (bytes > this.bytes && bytes > heap.usableOf(this.handle))) {
      heap.realloc(this.handle, bytes, this.owner);
    }
    this.bytes = bytes;
  }

  /** Deletes several entries at once (lpDeleteRange). */
  deleteRange(heap: Heap, removed: number): void {
    this.bytes -= removed;
    this.shrinkToFit(heap);
  }

  shrinkToFit(heap: Heap): void {
    if (this.bytes < heap.usableOf(this.handle)) heap.realloc(this.handle, this.bytes, this.owner);
  }

  /** Returns a copy (lpDup and similar functions) that allocates only the used bytes. */
  copy(heap: Heap): Listpack {
    return Listpack.loaded(heap, this.owner, this.bytes);
  }

  free(heap: Heap): void {
    heap.free(this.handle);
  }
}
