import { firstIndexWhere } from '../../base/index.js';
import { compareIds, partDifference, type StreamId } from '../../commands/index.js';
import { ContainerKind, type Heap } from '../heap/index.js';
import { Listpack } from './listpack.js';
import { integerEntryBytes } from './listpack-entry.js';

/** Fields and values of an entry before it is added. */
export interface StreamEntry {
  readonly fields: number;
  /** A text that is equal for equal field names in the same order. */
  readonly names: string;
  /** Bytes of each field's entry in a listpack, followed by its value's. */
  readonly parts: readonly number[];
  /** Total length of all fields and values as strings. */
  readonly length: number;
  /** Bytes of the entry in a reply. */
  readonly replyBytes: number;
}

/**
 * A listpack of a stream. Its head has the number of entries, the number of deleted ones and the fields of the first.
 * The entries follow, without field names if these equal the first one's. Entries are marked as deleted, never
 * removed.
 */
export class StreamNode {
  live = 0;
  #deleted = 0;
  #ids: StreamId[] = [];
  /** -1 for a deleted entry. */
  #replyBytes: number[] = [];

  private constructor(
    readonly listpack: Listpack,
    readonly id: StreamId,
    readonly names: string,
  ) {}

  /** Returns a new listpack with its first entry. */
  static startWith(heap: Heap, id: StreamId, entry: StreamEntry, room: number): StreamNode {
    const node = new StreamNode(Listpack.create(heap, ContainerKind.streamListpack, room), id, entry.names);
    const { fields, parts } = entry;
    const names = parts.filter((_, index) => index % 2 === 0);
    // The head: count, deleted, number of fields, the fields, and a zero.
    for (const bytes of [2, 2, integerEntryBytes(fields), ...names, 2]) node.#append(heap, bytes);
    node.#addEntry(heap, id, entry);
    return node;
  }

  /** Returns a node for a loaded listpack, whose entries `adopt` adds. */
  static loaded(listpack: Listpack, id: StreamId, names: string): StreamNode {
    return new StreamNode(listpack, id, names);
  }

  /** Adds a loaded entry: a deleted one (-1), or a live one with its bytes in a reply. */
  adopt(id: StreamId, replyBytes: number): void {
    this.#ids.push(id);
    this.#replyBytes.push(replyBytes);
    if (replyBytes < 0) this.#deleted++;
    else this.live++;
  }

  /** Number of entries, deleted ones included. */
  get total(): number {
    return this.live + this.#deleted;
  }

  get last(): StreamId {
    return this.#ids[this.#ids.length - 1]!;
  }

  add(heap: Heap, id: StreamId, entry: StreamEntry): void {
    this.#count(heap, this.live, this.live + 1);
    this.#addEntry(heap, id, entry);
  }

  /** Marks a live entry as deleted and returns whether there was one; `settle` then updates the counts. */
  delete(id: StreamId): boolean {
    const at = this.#indexOf(id);
    if (at < 0) return false;
    this.#replyBytes[at] = -1;
    return true;
  }

  settle(heap: Heap, deleted: number): void {
    this.#count(heap, this.live, this.live - deleted);
    this.#count(heap, this.#deleted, this.#deleted + deleted);
    this.live -= deleted;
    this.#deleted += deleted;
  }

  has(id: StreamId): boolean {
    return this.#indexOf(id) >= 0;
  }

  /** Yields all entries in order, each with its bytes in a reply; -1 for a deleted one. */
  *allEntries(): Generator<readonly [StreamId, number]> {
    for (let at = 0; at < this.#ids.length; at++) yield [this.#ids[at]!, this.#replyBytes[at]!];
  }

  /** Yields the live entries in order, each with its bytes in a reply. */
  *entries(): Generator<readonly [StreamId, number]> {
    for (let at = 0; at < this.#ids.length; at++) {
      const bytes = this.#replyBytes[at]!;
      if (bytes >= 0) yield [this.#ids[at]!, bytes];
    }
  }

  /** Returns a copy (lpDup). */
  copy(heap: Heap): StreamNode {
    const copy = new StreamNode(this.listpack.copy(heap), this.id, this.names);
    copy.live = this.live;
    copy.#deleted = this.#deleted;
    copy.#ids = this.#ids.slice();
    copy.#replyBytes = this.#replyBytes.slice();
    return copy;
  }

  #addEntry(heap: Heap, id: StreamId, entry: StreamEntry): void {
    const { fields, names, parts } = entry;
    this.live++;
    this.#ids.push(id);
    this.#replyBytes.push(entry.replyBytes);
    const isSame = names === this.names;
    this.#append(heap, 2);
    this.#append(heap, integerEntryBytes(partDifference(id.ms, this.id.ms)));
    this.#append(heap, integerEntryBytes(partDifference(id.seq, this.id.seq)));
    if (!isSame) this.#append(heap, integerEntryBytes(fields));
    for (let index = isSame ? 1 : 0; index < parts.length; index += isSame ? 2 : 1) {
      this.#append(heap, parts[index]!);
    }
    this.#append(heap, integerEntryBytes(isSame ? fields + 3 : fields * 2 + 4));
  }

  #append(heap: Heap, bytes: number): void {
    this.listpack.change(heap, bytes, 0);
  }

  #count(heap: Heap, from: number, to: number): void {
    this.listpack.change(heap, integerEntryBytes(to), integerEntryBytes(from));
  }

  #indexOf(id: StreamId): number {
    const ids = this.#ids;
    const index = firstIndexWhere(0, ids.length, (at) => compareIds(ids[at]!, id) >= 0);
    const found = ids[index];
    const isThere = found !== undefined && compareIds(found, id) === 0;
    return isThere && this.#replyBytes[index]! >= 0 ? index : -1;
  }
}
