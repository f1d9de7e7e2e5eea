import { compareIds, type StreamId } from '../commands/index.js';
import { ChunkedList } from './chunked-list.js';

/** A consumer that reads for a group. */
export interface ConsumerContent {
  readonly name: string;
  pendingCount: number;
  seenMs: number;
  /** Time when it last received an entry; -1 for never. */
  activeMs: number;
}

/** An entry that was delivered to a consumer and is not acknowledged. */
export interface PendingEntry {
  readonly id: StreamId;
  consumer: ConsumerContent;
  deliveredMs: number;
  deliveries: number;
}

export class StreamGroupContent {
  pending = new ChunkedList<PendingEntry>();
  readonly consumers = new Map<string, ConsumerContent>();

  constructor(
    public lastId: StreamId,
    /** Number of entries in the stream up to the last delivered one; undefined if it is not known. */
    public entriesRead: number | undefined,
  ) {}

  sortedConsumers(): ConsumerContent[] {
    return [...this.consumers.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  consumerFor(name: string, nowMs: number): ConsumerContent {
    const known = this.consumers.get(name);
    if (known !== undefined) {
      known.seenMs = nowMs;
      return known;
    }
    const consumer = { name, pendingCount: 0, seenMs: nowMs, activeMs: -1 };
    this.consumers.set(name, consumer);
    return consumer;
  }

  pendingAt(id: StreamId): PendingEntry | undefined {
    const found = this.pending.at(this.#placeOf(id));
    return found !== undefined && compareIds(found.id, id) === 0 ? found : undefined;
  }

  /** Returns the pending entries from an id on. */
  pendingFrom(id: StreamId): PendingEntry[] {
    return this.pending.slice(this.#placeOf(id), this.pending.size);
  }

  /** Assigns an entry to a consumer; its number of deliveries stays. */
  assign(id: StreamId, consumer: ConsumerContent, deliveredMs: number): PendingEntry {
    const known = this.pendingAt(id);
    consumer.pendingCount++;
    if (known !== undefined) {
      known.consumer.pendingCount--;
      known.consumer = consumer;
      known.deliveredMs = deliveredMs;
      return known;
    }
    const entry = { id, consumer, deliveredMs, deliveries: 0 };
    this.pending.insert(this.#placeOf(id), entry);
    return entry;
  }

  acknowledge(id: StreamId): boolean {
    const entry = this.pendingAt(id);
    if (entry === undefined) return false;
    this.pending.remove(this.#placeOf(id));
    entry.consumer.pendingCount--;
    return true;
  }

  /** Removes a consumer, and returns how many entries were pending for it. */
  removeConsumer(name: string): number {
    const consumer = this.consumers.get(name);
    if (consumer === undefined) return 0;
    const kept = new ChunkedList<PendingEntry>();
    for (const entry of this.pending) if (entry.consumer !== consumer) kept.push(entry);
    this.pending = kept;
    this.consumers.delete(name);
    return consumer.pendingCount;
  }

  copy(): StreamGroupContent {
    const copy = new StreamGroupContent(this.lastId, this.entriesRead);
    for (const [name, consumer] of this.consumers) copy.consumers.set(name, { ...consumer });
    for (const entry of this.pending) {
      const consumer = copy.consumers.get(entry.consumer.name)!;
      copy.pending.push({ ...entry, consumer });
    }
    return copy;
  }

  #placeOf(id: StreamId): number {
    return this.pending.countWhile((entry) => compareIds(entry.id, id) < 0);
  }
}
