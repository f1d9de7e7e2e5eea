import { latin1Bytes } from '../../base/index.js';
import { compareIds, idKey, type StreamId } from '../../commands/index.js';
import { ContainerKind, DataType, type Heap } from '../heap/index.js';
import type { Try } from '../keyspace/index.js';
import type { StructSizes } from '../versions/index.js';
import { ByteCount } from './byte-count.js';
import type { PendingGroups } from './pending-groups.js';
import { RadixTree } from './radix-tree.js';
import type { ValueContext } from './value-context.js';

/** An entry that a consumer has received and not acknowledged: one allocation in two trees. */
export interface Pending {
  readonly id: StreamId;
  readonly handle: number;
  /** The handle of its link among the groups of its entry; 0 where a version keeps none. */
  link: number;
  consumer: StreamConsumer;
  /** The time of the last delivery; `deliveries` counts all of them. */
  deliveredMs: number;
  deliveries: number;
}

/** A reader of a group. */
export interface StreamConsumer {
  readonly name: string;
  readonly handle: number;
  nameHandle: number;
  pending: RadixTree<Pending> | undefined;
}

/** The consumer of a pending entry while its group is loaded. */
const NOBODY: StreamConsumer = { name: '', handle: 0, nameHandle: 0, pending: undefined };

/** A consumer group: its last delivered id, its pending entries and its consumers. */
export class StreamGroup {
  readonly pending: RadixTree<Pending>;
  readonly consumers: RadixTree<StreamConsumer>;
  readonly #space: ValueContext;
  readonly #handle: number;
  /** Bytes of the group's stream. */
  readonly #tally: ByteCount;
  readonly #groups: PendingGroups | undefined;

  constructor(
    space: ValueContext,
    readonly name: string,
    public lastId: StreamId,
    tally = new ByteCount(),
    groups?: PendingGroups,
  ) {
    const { heap } = space;
    this.#tally = tally;
    this.#groups = groups;
    this.#space = space;
    const { sizes } = space.version;
    this.#handle = heap.malloc(sizes.streamGroup, ContainerKind.consumerGroup);
    this.pending = new RadixTree(heap, sizes, DataType.stream, tally);
    this.consumers = new RadixTree(heap, sizes, DataType.stream, tally);
    tally.bytes += sizes.streamGroup;
  }

  consumer(name: string): StreamConsumer | undefined {
    return this.consumers.get(latin1Bytes(name));
  }

  /** Returns the consumer of that name, which is created on its first use. */
  consumerFor(name: string): StreamConsumer {
    const known = this.consumer(name);
    if (known !== undefined) return known;
    const { heap } = this.#space;
    const handle = heap.malloc(this.#sizes.streamConsumer, ContainerKind.consumer);
    const consumer: StreamConsumer = { name, handle, nameHandle: 0, pending: undefined };
    // The tree gets its entry before the name and the consumer's own tree are made.
    this.consumers.insert(latin1Bytes(name), consumer);
    consumer.nameHandle = this.#space.newString(name.length, ContainerKind.consumer);
    consumer.pending = new RadixTree(heap, this.#sizes, DataType.stream, this.#tally);
    this.#tally.bytes += this.#consumerBytes(consumer);
    return consumer;
  }

  /** Returns the bytes of the whole group, counted by a walk. */
  walkedBytes(): number {
    let sum = this.#sizes.streamGroup + this.pending.walkedBytes() + this.consumers.walkedBytes();
    for (const _ of this.pending.values()) sum += this.#sizes.streamPending;
    for (const consumer of this.consumers.values()) {
      sum += this.#consumerBytes(consumer) + (consumer.pending?.walkedBytes() ?? 0);
    }
    return sum;
  }

  /** Bytes that MEMORY USAGE counts for the group; the tree of consumers only where the server keeps the bytes. */
  get usage(): number {
    const space = this.#space;
    const { keepsUsage } = space.policy;
    const { streamGroup, streamPending, streamConsumer } = this.#sizes;
    let sum = space.usageOfStruct(this.#handle, streamGroup) + space.usageOfTree(this.pending);
    if (keepsUsage) sum += space.usageOfTree(this.consumers);
    for (const { handle } of this.pending.values()) sum += space.usageOfStruct(handle, streamPending);
    for (const { name, handle, nameHandle, pending } of this.consumers.values()) {
      sum += space.usageOfStruct(handle, streamConsumer);
      sum += keepsUsage ? space.usageOfString(nameHandle, name.length) : name.length;
      if (pending !== undefined) sum += space.usageOfTree(pending);
    }
    return sum;
  }

  /** Delivers an entry to a consumer: it becomes pending, or moves from another consumer. */
  deliver(id: StreamId, consumer: StreamConsumer, nowMs: number): void {
    const key = idKey(id);
    const known = this.pending.get(key);
    if (known === undefined) {
      const handle = this.#newPending();
      const pending: Pending = { id, handle, link: 0, consumer, deliveredMs: nowMs, deliveries: 1 };
      this.pending.insert(key, pending);
      consumer.pending?.insert(key, pending);
      pending.link = this.#groups?.link(id) ?? 0;
      return;
    }
    known.deliveredMs = nowMs;
    known.deliveries++;
    if (known.consumer === consumer) return;
    known.consumer.pending?.remove(key);
    known.consumer = consumer;
    consumer.pending?.insert(key, known);
  }

  pendingAt(id: StreamId): Pending | undefined {
    return this.pending.get(idKey(id));
  }

  /** Adds a loaded pending entry, before its consumer is loaded. Returns whether it is new. */
  loadPending(id: StreamId, deliveredMs: number, deliveries: number): boolean {
    const handle = this.#newPending();
    const pending = { id, handle, link: 0, consumer: NOBODY, deliveredMs, deliveries };
    const isNew = this.pending.insert(idKey(id), pending, false);
    if (isNew) pending.link = this.#groups?.link(id) ?? 0;
    return isNew;
  }

  /**
   * Assigns a loaded pending entry to a consumer. Returns false if the group has no such entry, or the consumer has
   * it already.
   */
  assign(id: StreamId, consumer: StreamConsumer): boolean {
    const key = idKey(id);
    const pending = this.pending.get(key);
    if (pending === undefined) return false;
    pending.consumer = consumer;
    return consumer.pending?.insert(key, pending, false) === true;
  }

  advanceTo(id: StreamId): void {
    if (compareIds(id, this.lastId) > 0) this.lastId = id;
  }

  /** Acknowledges one entry (XACK) and returns whether it was pending. */
  acknowledge(id: StreamId): boolean {
    const pending = this.#takePending(id);
    if (pending === undefined) return false;
    this.#unlink(pending);
    this.#freePending(pending);
    return true;
  }

  /** Takes out an entry that is taken out of all groups. */
  forget(id: StreamId): void {
    const pending = this.#takePending(id);
    if (pending !== undefined) this.#freePending(pending);
  }

  #takePending(id: StreamId): Pending | undefined {
    const key = idKey(id);
    const pending = this.pending.remove(key);
    pending?.consumer.pending?.remove(key);
    return pending;
  }

  /** Removes a consumer (streamDelConsumer) and returns how many pending entries it had. */
  removeConsumer(name: string): number {
    const consumer = this.consumer(name);
    if (consumer === undefined) return 0;
    const { heap } = this.#space;
    const count = consumer.pending?.size ?? 0;
    for (const pending of consumer.pending?.values() ?? []) {
      this.pending.remove(idKey(pending.id));
      this.#unlink(pending);
      this.#freePending(pending);
    }
    this.consumers.remove(latin1Bytes(name));
    this.#freeConsumer(heap, consumer);
    return count;
  }

  /** Removes the group from the lists of its pending entries, before it is destroyed alone. */
  unlinkAll(): void {
    for (const pending of this.pending.values()) this.#unlink(pending);
  }

  free(heap: Heap): void {
    this.pending.free(heap, (pending) => this.#freePending(pending));
    this.consumers.free(heap, (consumer) => this.#freeConsumer(heap, consumer));
    heap.free(this.#handle);
    this.#tally.bytes -= this.#sizes.streamGroup;
  }

  /** Tries the consumers with their pending entries, then the nodes of the group's own; the group before or after both. */
  defragment(attempt: Try): void {
    const { groupFirst } = this.#space.version.defrag;
    if (groupFirst) attempt(this.#handle);
    this.consumers.tryStruct(attempt);
    this.consumers.defragment(attempt, ({ handle, nameHandle, pending }) => {
      attempt(handle);
      attempt(nameHandle);
      pending?.tryStruct(attempt);
      pending?.defragment(attempt, (entry) => attempt(entry.handle));
    });
    this.pending.tryStruct(attempt);
    this.pending.defragment(attempt, () => {});
    if (!groupFirst) attempt(this.#handle);
  }

  get #sizes(): StructSizes {
    return this.#space.version.sizes;
  }

  #newPending(): number {
    const { streamPending } = this.#sizes;
    this.#tally.bytes += streamPending;
    return this.#space.heap.malloc(streamPending, ContainerKind.pendingEntry);
  }

  #unlink({ id, link }: Pending): void {
    if (link !== 0) this.#groups?.unlink(id, link);
  }

  #freePending({ handle }: Pending): void {
    this.#space.heap.free(handle);
    this.#tally.bytes -= this.#sizes.streamPending;
  }

  #freeConsumer(heap: Heap, consumer: StreamConsumer): void {
    this.#tally.bytes -= this.#consumerBytes(consumer);
    consumer.pending?.free(heap, () => {});
    heap.free(consumer.nameHandle);
    heap.free(consumer.handle);
  }

  #consumerBytes({ name }: StreamConsumer): number {
    return this.#sizes.streamConsumer + this.#space.stringBytes(name.length);
  }
}
