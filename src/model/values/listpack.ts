import type { Heap } from '../heap/index.js';
/** An empty listpack: total bytes, number of entries, end mark. */
export const EMPTY_LISTPACK = 7;

/**
 * One listpack as its allocation: a length that grows and shrinks. What its entries say is kept by whoever uses it.
 *
 * Growing asks for exactly the bytes that are needed, and only when they no longer fit in what the allocator gave;
 * so a growing listpack visits every size class. Removing an entry gives back the rest each time.
 */
export class Listpack {
  readonly handle: number;
  bytes = EMPTY_LISTPACK;

  /** lpNew: room for `capacity` bytes. `owner` is one of ListpackOwner, or a stream's. */
  constructor(
    heap: Heap,
    readonly owner: number,
    capacity = 0,
  ) {
    this.handle = heap.malloc(Math.max(capacity, EMPTY_LISTPACK), owner);
  }

  /** One that was loaded as it is: exactly its bytes. */
  static loaded(heap: Heap, owner: number, bytes: number): Listpack {
    const listpack = new Listpack(heap, owner, bytes);
    listpack.bytes = bytes;
    return listpack;
  }

  /** lpInsert of an entry of `added` bytes in place of entries of `removed` bytes. */
  change(heap: Heap, added: number, removed: number): void {
    const bytes = this.bytes + added - removed;
    if (bytes < this.bytes || (bytes > this.bytes && bytes > heap.usableOf(this.handle))) {
      heap.realloc(this.handle, bytes, this.owner);
    }
    this.bytes = bytes;
  }

  /** lpDeleteRange: several entries at once. */
  deleteRange(heap: Heap, removed: number): void {
    this.bytes -= removed;
    this.shrinkToFit(heap);
  }

  shrinkToFit(heap: Heap): void {
    if (this.bytes < heap.usableOf(this.handle)) heap.realloc(this.handle, this.bytes, this.owner);
  }

  /** lpDup and its likes: as many bytes as are used. */
  copy(heap: Heap): Listpack {
    const copy = new Listpack(heap, this.owner, this.bytes);
    copy.bytes = this.bytes;
    return copy;
  }

  free(heap: Heap): void {
    heap.free(this.handle);
  }
}
