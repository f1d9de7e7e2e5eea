import { firstIndexWhere, GIB, latin1Bytes } from '../../base/index.js';
import {
  compareIds,
  type EntryReferences,
  GREATEST_ID,
  idAfter,
  idKey,
  LEAST_ID,
  type StreamId,
  type Trimming,
} from '../../commands/index.js';
import { ContainerKind, DataType, type Heap } from '../heap/index.js';
import { type Try, type ValueModel, type ValueParts, ValueType } from '../keyspace/index.js';
import { ByteCount } from './byte-count.js';
import { PendingGroups } from './pending-groups.js';
import { RadixTree } from './radix-tree.js';
import { SeenRequests } from './seen-requests.js';
import { StreamGroup } from './stream-group.js';
import { type StreamEntry, StreamNode } from './stream-node.js';
import type { ValueContext } from './value-context.js';

/** The largest room of a new listpack, in bytes. */
const MOST_ROOM = 4096;
/** Listpacks of a big stream that active defragmentation tries between two looks at its clock. */
const LISTPACKS_AT_ONCE = 128;
/** The largest listpack of a stream in bytes, for any configuration. */
const LARGEST_LISTPACK = GIB;

/** The end of a trim: before the next listpack, for a whole listpack, and before an entry. */
interface TrimBounds {
  isDone(): boolean;
  isWhole(node: StreamNode): boolean;
  stopsAt(id: StreamId, deleted: number): boolean;
}

/** A stream: a radix tree of listpacks, and a tree of its consumer groups. */
export class StreamValue implements ValueModel {
  readonly type = ValueType.stream;
  readonly encoding = 'stream';
  size = 0;
  lastId: StreamId = LEAST_ID;
  /** The greatest id that XDEL has deleted; trimming does not count. */
  maxDeletedId: StreamId = LEAST_ID;
  readonly #space: ValueContext;
  readonly #handle: number;
  readonly #tree: RadixTree<StreamNode>;
  /** The tree's listpacks in order. */
  #nodes: StreamNode[] = [];
  #groups: RadixTree<StreamGroup> | undefined;
  /** Bytes of the trees, the listpacks and the groups. */
  readonly #tally = new ByteCount();
  /** The groups in which each entry is pending, in versions that keep them. */
  readonly #pendingGroups: PendingGroups | undefined;
  /** The requests of producers that have added entries. */
  readonly requests: SeenRequests;

  constructor(space: ValueContext) {
    this.#space = space;
    const { sizes } = space.version;
    this.#handle = space.heap.malloc(sizes.stream, ContainerKind.stream);
    this.#tree = new RadixTree(space.heap, sizes, DataType.stream, this.#tally);
    this.requests = new SeenRequests(space);
    this.#pendingGroups = space.policy.listsPendingGroups ? new PendingGroups(space, this.#tally) : undefined;
  }

  /** The listpacks in order. */
  get nodes(): readonly StreamNode[] {
    return this.#nodes;
  }

  /** The consumer groups in the order of their names. */
  get groups(): readonly StreamGroup[] {
    return [...(this.#groups?.values() ?? [])];
  }

  get logicalBytes(): number {
    return this.#space.version.sizes.stream + this.#tally.bytes + this.requests.walkedBytes();
  }

  parts(): ValueParts {
    const { version } = this.#space;
    let bytes = version.sizes.stream + this.#tree.walkedBytes() + (this.#groups?.walkedBytes() ?? 0);
    bytes += (this.#pendingGroups?.walkedBytes() ?? 0) + this.requests.walkedBytes();
    const space = this.#space;
    let usage = space.usageOfStruct(this.#handle, version.sizes.stream) + space.usageOfTree(this.#tree);
    usage += this.requests.usage;
    if (space.policy.keepsUsage && this.#groups !== undefined) usage += space.usageOfTree(this.#groups);
    usage += this.#pendingGroups?.usage ?? 0;
    for (const group of this.#groups?.values() ?? []) {
      bytes += group.walkedBytes();
      usage += group.usage;
    }
    const nodes = this.#nodes;
    return {
      bytes,
      usage,
      count: nodes.length,
      lastApart: true,
      *elements() {
        for (const { listpack } of nodes) yield [listpack.bytes, space.usageOfPack(listpack)];
      },
    };
  }

  /** Number of the tree's nodes, and an estimate for all groups from the pending entries of the first. */
  get freeEffort(): number {
    const first = this.#groups?.first;
    const groups = first === undefined ? 0 : (this.#groups?.size ?? 0) * (1 + first.pending.size);
    return this.#tree.nodes + groups;
  }

  /** Appends an entry (streamAppendItem); the id is greater than the last one. */
  append(id: StreamId, entry: StreamEntry): void {
    const { heap, settings } = this.#space;
    const limit = settings.streamNodeMaxBytes;
    const maxBytes = limit === 0 || limit > LARGEST_LISTPACK ? LARGEST_LISTPACK : limit;
    const maxEntries = settings.streamNodeMaxEntries;
    let node = this.#nodes.at(-1);
    if (node !== undefined) {
      const isFull =
        node.listpack.bytes + entry.length >= maxBytes || (maxEntries > 0 && node.total >= maxEntries);
      if (isFull) {
        node.listpack.shrinkToFit(heap);
        node = undefined;
      }
    }
    if (node === undefined) {
      const room = limit > 0 ? Math.min(limit, MOST_ROOM) : MOST_ROOM;
      // The listpack has its head when it enters the tree; what follows cannot tell the difference.
      node = StreamNode.startWith(heap, id, entry, room);
      this.#nodes.push(node);
      this.#tree.insert(idKey(id), node);
      this.#tally.bytes += node.listpack.bytes;
    } else {
      const before = node.listpack.bytes;
      node.add(heap, id, entry);
      this.#tally.bytes += node.listpack.bytes - before;
    }
    this.size++;
    this.lastId = id;
  }

  /** Appends a loaded node after all others. Returns whether its id is new. */
  adopt(node: StreamNode): boolean {
    this.#nodes.push(node);
    this.#tally.bytes += node.listpack.bytes;
    return this.#tree.insert(idKey(node.id), node, false);
  }

  /** Deletes one entry (XDEL) and returns whether it existed. */
  delete(id: StreamId): boolean {
    const at = this.#lastBefore(id);
    const node = this.#nodes[at];
    if (node?.has(id) !== true) return false;
    node.delete(id);
    if (node.live === 1) this.#removeNode(at);
    else this.#settle(node, 1);
    this.size--;
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = id;
    return true;
  }

  /** Trims the stream (streamTrim) and returns how many entries were removed. */
  trim(trimming: Trimming): number {
    const { length, before } = trimming;
    if (length !== undefined) {
      return this.#trim(trimming, {
        isDone: () => this.size <= length,
        isWhole: (node) => this.size - node.live >= length,
        stopsAt: (_, deleted) => this.size - deleted <= length,
      });
    }
    if (before === undefined) return 0;
    return this.#trim(trimming, {
      isDone: () => false,
      isWhole: (node) => compareIds(node.last, before) < 0,
      stopsAt: (entry) => compareIds(entry, before) >= 0,
    });
  }

  /**
   * Whether an entry may be deleted. Groups may lose it first, or it may have to be acknowledged by all of them (streamCleanupEntryCGroupRefs,
   * streamEntryIsReferenced).
   */
  releases(id: StreamId, references: EntryReferences): boolean {
    if (references === 'kept') return true;
    const groups = this.#groups;
    if (references === 'acknowledged') {
      if (groups === undefined || groups.size === 0) return true;
      const isNew = [...groups.values()].some(({ lastId }) => compareIds(lastId, id) < 0);
      return !isNew && this.#pendingGroups?.has(id) !== true;
    }
    for (const group of groups?.values() ?? []) group.forget(id);
    this.#pendingGroups?.drop(id);
    return true;
  }

  /** Returns up to `count` live entries from one id to another, each with its bytes in a reply. */
  range(from: StreamId, to: StreamId, count: number, isReversed = false): (readonly [StreamId, number])[] {
    const found: (readonly [StreamId, number])[] = [];
    const nodes = isReversed ? this.#nodes.slice().reverse() : this.#nodes;
    for (const node of nodes) {
      if (compareIds(node.last, from) < 0) continue;
      if (compareIds(node.id, to) > 0 || found.length >= count) {
        if (!isReversed) break;
        continue;
      }
      const entries = [...node.entries()];
      for (const entry of isReversed ? entries.reverse() : entries) {
        const isIn = compareIds(entry[0], from) >= 0 && compareIds(entry[0], to) <= 0;
        if (isIn && found.length < count) found.push(entry);
      }
    }
    return found;
  }

  /** Returns up to `count` live entries after an id. */
  after(id: StreamId, count: number): (readonly [StreamId, number])[] {
    const first = idAfter(id);
    return first === undefined ? [] : this.range(first, GREATEST_ID, count);
  }

  group(name: string): StreamGroup | undefined {
    return this.#groups?.get(latin1Bytes(name));
  }

  /** Creates a group (streamCreateCG); returns undefined if there is one of that name. */
  createGroup(name: string, from: StreamId): StreamGroup | undefined {
    const { heap, version } = this.#space;
    this.#groups ??= new RadixTree(heap, version.sizes, DataType.stream, this.#tally);
    const key = latin1Bytes(name);
    if (this.#groups.get(key) !== undefined) return undefined;
    const group = new StreamGroup(this.#space, name, from, this.#tally, this.#pendingGroups);
    this.#groups.insert(key, group);
    return group;
  }

  destroyGroup(name: string): boolean {
    const group = this.#groups?.remove(latin1Bytes(name));
    group?.unlinkAll();
    group?.free(this.#space.heap);
    return group !== undefined;
  }

  get scanLength(): number {
    return this.#tree.size;
  }

  defragment(attempt: Try): void {
    attempt(this.#handle);
    this.#tree.tryStruct(attempt);
    this.#tree.defragment(attempt, ({ listpack }) => attempt(listpack.handle));
    this.#defragmentGroups(attempt);
  }

  defragmentFrame(attempt: Try): void {
    attempt(this.#handle);
    this.#tree.tryStruct(attempt);
    this.#defragmentGroups(attempt);
  }

  /** The cursor is the number of listpacks that were tried. A server looks at its clock after each 128. */
  defragmentSome(cursor: number, attempt: Try): number {
    let passed = 0;
    const isDue = () => passed >= cursor && passed < cursor + LISTPACKS_AT_ONCE;
    this.#tree.defragment(
      (handle) => {
        if (isDue()) attempt(handle);
      },
      ({ listpack }) => {
        if (isDue()) attempt(listpack.handle);
        passed++;
      },
    );
    return passed > cursor + LISTPACKS_AT_ONCE ? cursor + LISTPACKS_AT_ONCE : 0;
  }

  #defragmentGroups(attempt: Try): void {
    this.#groups?.tryStruct(attempt);
    this.#groups?.defragment(attempt, (group) => group.defragment(attempt));
  }

  free(heap: Heap): void {
    this.#tree.free(heap, ({ listpack }) => listpack.free(heap));
    this.#groups?.free(heap, (group) => group.free(heap));
    this.#pendingGroups?.free(heap);
    this.requests.free(heap);
    heap.free(this.#handle);
  }

  /**
   * Returns a copy (streamDup). Groups are copied consumer by consumer, so the order of the pending entries is lost.
   */
  copy(heap: Heap, makeObject: () => void = () => {}): StreamValue {
    const copy = new StreamValue(this.#space);
    makeObject();
    copy.size = this.size;
    copy.lastId = this.lastId;
    copy.maxDeletedId = this.maxDeletedId;
    for (const node of this.#nodes) {
      const own = node.copy(heap);
      copy.#nodes.push(own);
      copy.#tree.insert(idKey(own.id), own);
      copy.#tally.bytes += own.listpack.bytes;
    }
    for (const group of this.#groups?.values() ?? []) {
      const own = copy.createGroup(group.name, group.lastId);
      for (const consumer of group.consumers.values()) {
        const reader = own?.consumerFor(consumer.name);
        for (const { id, deliveredMs } of consumer.pending?.values() ?? []) {
          if (reader !== undefined) own?.deliver(id, reader, deliveredMs);
        }
      }
    }
    this.requests.copyTo(copy.requests);
    return copy;
  }

  #trim({ isApproximate, limit, references }: Trimming, bounds: TrimBounds): number {
    const keepsReferences = references === 'kept';
    let removed = 0;
    let at = 0;
    for (let node = this.#nodes[0]; node !== undefined && !bounds.isDone(); node = this.#nodes[at]) {
      const { live } = node;
      if (limit > 0 && removed + live > limit) break;
      const isWhole = bounds.isWhole(node);
      if (isWhole && keepsReferences) {
        this.size -= live;
        removed += live;
        this.#removeNode(0);
        continue;
      }
      if (isApproximate && keepsReferences) break;
      const deleted = this.#trimInside(node, references, bounds);
      removed += deleted;
      if (isWhole && deleted === live) this.#removeNode(at);
      else {
        this.#settle(node, deleted);
        at++;
      }
      this.size -= deleted;
      if (!isWhole) break;
    }
    return removed;
  }

  /** Marks entries of a listpack as deleted, and returns how many. */
  #trimInside(node: StreamNode, references: EntryReferences, { stopsAt }: TrimBounds): number {
    let deleted = 0;
    for (const [id] of node.entries()) {
      if (stopsAt(id, deleted)) break;
      if (!this.releases(id, references)) continue;
      node.delete(id);
      deleted++;
    }
    return deleted;
  }

  /** Returns the index of the last listpack that does not begin after `id`, or -1. */
  #lastBefore(id: StreamId): number {
    const nodes = this.#nodes;
    return firstIndexWhere(0, nodes.length, (at) => compareIds(nodes[at]!.id, id) > 0) - 1;
  }

  #settle(node: StreamNode, deleted: number): void {
    const before = node.listpack.bytes;
    node.settle(this.#space.heap, deleted);
    this.#tally.bytes += node.listpack.bytes - before;
  }

  #removeNode(at: number): void {
    const [node] = this.#nodes.splice(at, 1) as [StreamNode];
    this.#tally.bytes -= node.listpack.bytes;
    node.listpack.free(this.#space.heap);
    this.#tree.remove(idKey(node.id));
  }
}
