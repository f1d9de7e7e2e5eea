import { GIB, latin1Bytes } from '../base/index.js';
import {
  compareIds,
  type EntryReferences,
  GREATEST_ID,
  idAfter,
  LEAST_ID,
  partDifference,
  type StreamId,
  type Trimming,
} from '../commands/index.js';
import { entryBytes, integerEntryBytes } from '../model/index.js';
import { ChunkedList } from './chunked-list.js';
import type { StreamGroupContent } from './stream-group-content.js';
import { StreamRequests } from './stream-requests.js';
import type { Limits } from './values.js';

export interface StreamEntry {
  readonly id: StreamId;
  /** Fields and values in turn. */
  readonly texts: readonly string[];
}

/** Entries that a server keeps in one listpack. Approximate trimming removes all of them or none. */
interface Block {
  readonly first: StreamId;
  last: StreamId;
  readonly names: string;
  bytes: number;
  live: number;
  total: number;
}

/** Size limit of a stream's listpack, under every setting. */
const LARGEST_BLOCK = GIB;
const EMPTY_LISTPACK = 7;

export class StreamContent {
  readonly type = 'stream';
  readonly encoding = 'stream';
  entries = new ChunkedList<StreamEntry>();
  lastId = LEAST_ID;
  /** The greatest id that XDEL deleted. */
  maxDeletedId = LEAST_ID;
  entriesAdded = 0;
  readonly groups = new Map<string, StreamGroupContent>();
  requests: StreamRequests;
  #blocks = new ChunkedList<Block>();

  constructor(readonly limits: Limits) {
    const { streamIdmpDuration, streamIdmpMaxsize } = limits.settings;
    this.requests = new StreamRequests(streamIdmpDuration, streamIdmpMaxsize);
  }

  get size(): number {
    return this.entries.size;
  }

  get blockCount(): number {
    return this.#blocks.size;
  }

  get firstId(): StreamId {
    return this.entries.at(0)?.id ?? LEAST_ID;
  }

  /** Returns the groups in the order of their names, as a server keeps them. */
  sortedGroups(): [string, StreamGroupContent][] {
    return [...this.groups].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  append(id: StreamId, texts: readonly string[]): void {
    this.#intoBlock(id, texts);
    this.entries.push({ id, texts });
    this.lastId = id;
    this.entriesAdded++;
  }

  /** Returns the entries from one id to another, at most `count`. */
  range(from: StreamId, to: StreamId, count: number, isReversed = false): StreamEntry[] {
    const first = this.entries.countWhile(({ id }) => compareIds(id, from) < 0);
    const end = this.entries.countWhile(({ id }) => compareIds(id, to) <= 0);
    const many = Math.min(count, end - first);
    if (many <= 0) return [];
    const found = this.entries.slice(isReversed ? end - many : first, many);
    return isReversed ? found.reverse() : found;
  }

  /** Returns the entries after an id, at most `count`. */
  after(id: StreamId, count: number): StreamEntry[] {
    const first = idAfter(id);
    return first === undefined ? [] : this.range(first, GREATEST_ID, count);
  }

  get(id: StreamId): StreamEntry | undefined {
    return this.range(id, id, 1)[0];
  }

  delete(id: StreamId): boolean {
    if (!this.#remove(id, true)) return false;
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = id;
    return true;
  }

  /** Removes an entry, and with `dropsBlock` its block if it was the last one in it. */
  #remove(id: StreamId, dropsBlock: boolean): boolean {
    const at = this.entries.countWhile((entry) => compareIds(entry.id, id) < 0);
    const entry = this.entries.at(at);
    if (entry === undefined || compareIds(entry.id, id) !== 0) return false;
    this.entries.remove(at);
    const index = this.#blocks.countWhile(({ first }) => compareIds(first, id) <= 0) - 1;
    const block = this.#blocks.at(index)!;
    if (--block.live === 0 && dropsBlock) this.#blocks.remove(index);
    return true;
  }

  /**
   * Whether an entry may be deleted. Groups may lose it first, or it may have to be acknowledged by all of them.
   */
  releases(id: StreamId, references: EntryReferences): boolean {
    if (references === 'kept') return true;
    const groups = [...this.groups.values()];
    if (references === 'acknowledged') {
      return groups.every((group) => compareIds(group.lastId, id) >= 0 && group.pendingAt(id) === undefined);
    }
    for (const group of groups) group.acknowledge(id);
    return true;
  }

  /** Removes the oldest entries, and returns how many. */
  trim(trimming: Trimming): number {
    return trimming.references === 'kept' ? this.#trimBlocks(trimming) : this.#trimEach(trimming);
  }

  /** Removes the oldest entries that may be deleted, one by one, even if the trim is approximate. */
  #trimEach({ length, before, limit, references }: Trimming): number {
    let deleted = 0;
    for (const block of [...this.#blocks]) {
      const { live, first, last } = block;
      if ((length !== undefined && this.size <= length) || (limit > 0 && deleted + live > limit)) break;
      const isWhole = length !== undefined ? this.size - live >= length : compareIds(last, before!) < 0;
      for (const { id } of this.range(first, last, live)) {
        if (length !== undefined ? this.size <= length : compareIds(id, before!) >= 0) break;
        if (!this.releases(id, references)) continue;
        this.#remove(id, isWhole);
        deleted++;
      }
      if (!isWhole) break;
    }
    return deleted;
  }

  #trimBlocks({ length, before, isApproximate, limit }: Trimming): number {
    let deleted = 0;
    for (let block = this.#blocks.at(0); block !== undefined; block = this.#blocks.at(0)) {
      if (length !== undefined && this.size <= length) break;
      if (limit > 0 && deleted + block.live > limit) break;
      const goes =
        length !== undefined ? this.size - block.live >= length : compareIds(block.last, before!) < 0;
      if (!goes) {
        if (!isApproximate) deleted += this.#trimInside(block, length, before);
        break;
      }
      this.entries.remove(0, block.live);
      this.#blocks.remove(0);
      deleted += block.live;
    }
    return deleted;
  }

  /** Whether entries at or after this id were deleted, so that counting from there is not possible. */
  hasTombstones(from: StreamId): boolean {
    if (this.size === 0 || compareIds(this.maxDeletedId, LEAST_ID) === 0) return false;
    return compareIds(from, this.maxDeletedId) <= 0;
  }

  /** Counts the entries that were ever added up to this id; undefined if the count is not known. */
  readUpTo(id: StreamId): number | undefined {
    if (this.entriesAdded === 0) return 0;
    const toLast = compareIds(id, this.lastId);
    if (this.size === 0 && toLast <= 0) return this.entriesAdded;
    if (toLast === 0) return this.entriesAdded;
    if (toLast > 0) return undefined;
    const { firstId, maxDeletedId } = this;
    if (compareIds(maxDeletedId, LEAST_ID) === 0 || compareIds(maxDeletedId, firstId) < 0) {
      const toFirst = compareIds(id, firstId);
      if (toFirst < 0) return this.entriesAdded - this.size;
      if (toFirst === 0) return this.entriesAdded - this.size + 1;
    }
    return undefined;
  }

  copy(): StreamContent {
    const copy = new StreamContent(this.limits);
    copy.entries = this.entries.copy();
    copy.lastId = this.lastId;
    copy.maxDeletedId = this.maxDeletedId;
    copy.entriesAdded = this.entriesAdded;
    for (const block of this.#blocks) copy.#blocks.push({ ...block });
    for (const [name, group] of this.groups) copy.groups.set(name, group.copy());
    copy.requests = this.requests.copy();
    return copy;
  }

  #trimInside(block: Block, length: number | undefined, before: StreamId | undefined): number {
    const many =
      length !== undefined
        ? this.size - length
        : this.entries.countWhile(({ id }) => compareIds(id, before!) < 0);
    this.entries.remove(0, many);
    // The block stays even if it is empty.
    block.live -= many;
    return many;
  }

  /** Adds an entry to a block, as a server fills its listpacks (t_stream.c: streamAppendItem). */
  #intoBlock(id: StreamId, texts: readonly string[]): void {
    const { streamNodeMaxBytes: limit, streamNodeMaxEntries: most } = this.limits.settings;
    const maxBytes = limit === 0 || limit > LARGEST_BLOCK ? LARGEST_BLOCK : limit;
    const fields = texts.length / 2;
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    const bytesOf = (parity: number) =>
      texts.reduce((sum, text, at) => (at % 2 === parity ? sum + listpackBytes(text) : sum), 0);
    const names = texts.filter((_, at) => at % 2 === 0).join('\0\0');
    let block = this.#blocks.at(this.#blocks.size - 1);
    if (block !== undefined && (block.bytes + length >= maxBytes || (most > 0 && block.total >= most))) {
      block = undefined;
    }
    if (block === undefined) {
      const head = 2 + 2 + integerEntryBytes(fields) + bytesOf(0) + 2;
      block = { first: id, last: id, names, bytes: EMPTY_LISTPACK + head, live: 0, total: 0 };
      this.#blocks.push(block);
    }
    const isSame = names === block.names;
    block.bytes +=
      2 +
      integerEntryBytes(partDifference(id.ms, block.first.ms)) +
      integerEntryBytes(partDifference(id.seq, block.first.seq)) +
      (isSame ? bytesOf(1) : integerEntryBytes(fields) + bytesOf(0) + bytesOf(1)) +
      integerEntryBytes(isSame ? fields + 3 : fields * 2 + 4);
    block.last = id;
    block.live++;
    block.total++;
  }
}

function listpackBytes(text: string): number {
  return entryBytes(latin1Bytes(text), 0, text.length);
}
