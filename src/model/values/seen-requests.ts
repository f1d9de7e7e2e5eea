import { hashOf, latin1Bytes } from '../../base/index.js';
import { CONTENT_DIGEST_BYTES, type StreamId } from '../../commands/index.js';
import { ContainerKind, DataType, type Heap } from '../heap/index.js';
import { type HashTable, newTable } from '../keyspace/index.js';
import { ByteCount } from './byte-count.js';
import { RadixTree } from './radix-tree.js';
import type { ValueContext } from './value-context.js';

/** A request that a stream remembers: one allocation with the request's name, in a list and a dict (idmpEntry). */
interface SeenRequest {
  readonly handle: number;
  readonly id: StreamId;
  readonly bytes: number;
  /** The number of the request in its producer's dict. */
  readonly element: number;
}

/** A producer with its requests by name, the oldest first (idmpProducer). */
export interface Producer {
  readonly name: string;
  readonly handle: number;
  readonly table: HashTable;
  readonly requests: Map<string, SeenRequest>;
}

/** A request that is being carried out. */
export interface NewRequest {
  readonly name: string;
  readonly handle: number;
  readonly bytes: number;
}

const PRODUCER_BYTES = 24;
/** An entry without the request's name. */
const ENTRY_BYTES = 32;

/** The requests of producers that a stream remembers, so that each is carried out once (XADD IDMP). */
export class SeenRequests {
  readonly #space: ValueContext;
  #producers: RadixTree<Producer> | undefined;
  /** Seconds for which a request is remembered. */
  #duration: number;
  /** The most requests of a producer that are remembered. */
  #most: number;

  constructor(space: ValueContext) {
    this.#space = space;
    this.#duration = space.settings.streamIdmpDuration;
    this.#most = space.settings.streamIdmpMaxsize;
  }

  get isEmpty(): boolean {
    return this.#producers === undefined;
  }

  /** Returns the producer of that name, which is made on its first use (idmpGetOrCreateProducer). */
  producerFor(name: string): Producer {
    const { heap, version, resize } = this.#space;
    this.#producers ??= new RadixTree(heap, version.sizes, DataType.stream, new ByteCount());
    const key = latin1Bytes(name);
    const known = this.#producers.get(key);
    if (known !== undefined) return known;
    const handle = heap.malloc(PRODUCER_BYTES, ContainerKind.pendingEntry);
    const kind = { subject: DataType.stream, entryBytes: version.sizes.dictEntry };
    const table = newTable(heap, version, this.#space.requests, kind, resize);
    const producer = { name, handle, table, requests: new Map<string, SeenRequest>() };
    this.#producers.insert(key, producer);
    return producer;
  }

  /** Allocates a request; its name may be the digest of its entry (idmpEntryCreate). */
  begin(name: string, isDigest: boolean): NewRequest {
    const bytes = ENTRY_BYTES + (isDigest ? CONTENT_DIGEST_BYTES : name.length);
    return { name, handle: this.#space.heap.malloc(bytes, ContainerKind.pendingEntry), bytes };
  }

  drop({ handle }: NewRequest): void {
    this.#space.heap.free(handle);
  }

  /** Returns the id of the entry that a request added; undefined for a new one. */
  idOf(producer: Producer, { name }: NewRequest): StreamId | undefined {
    const bytes = latin1Bytes(name);
    producer.table.stepAt(hashOf(bytes, 0, bytes.length));
    return producer.requests.get(name)?.id;
  }

  /** Remembers a request, and forgets the oldest one of its producer if there are too many (idmpInsertEntry). */
  remember(producer: Producer, { name, handle, bytes }: NewRequest, id: StreamId): void {
    const { table, requests } = producer;
    const text = latin1Bytes(name);
    const element = this.#space.requests.take(hashOf(text, 0, text.length));
    table.add(element);
    requests.set(name, { handle, id, bytes, element });
    if (requests.size > this.#most) this.#forgetOldest(producer);
  }

  /** Changes the limits; a change forgets all requests. Returns whether there was one (XCFGSET). */
  configure(duration = this.#duration, most = this.#most): boolean {
    const isChanged = duration !== this.#duration || most !== this.#most;
    this.#duration = duration;
    this.#most = most;
    if (isChanged) this.free(this.#space.heap);
    return isChanged;
  }

  /** Forgets the requests that are older than the limit, and producers without any (handleExpiredIdmpEntries). */
  expire(unixMs: number): void {
    const producers = this.#producers;
    if (producers === undefined) return;
    const before = unixMs - this.#duration * 1000;
    for (const producer of [...producers.values()]) {
      for (const { id } of [...producer.requests.values()]) {
        if (Number(id.ms) > before) break;
        this.#forgetOldest(producer);
      }
      if (producer.requests.size > 0) continue;
      producers.remove(latin1Bytes(producer.name));
      this.#freeProducer(producer);
    }
    if (producers.size > 0) return;
    producers.free(this.#space.heap, () => {});
    this.#producers = undefined;
  }

  /** Returns when the first request is old enough, in milliseconds since 1970; Infinity for none. */
  get firstExpiryMs(): number {
    let first = Infinity;
    for (const { requests } of this.#producers?.values() ?? []) {
      const [oldest] = requests.values();
      if (oldest !== undefined) first = Math.min(first, Number(oldest.id.ms) + this.#duration * 1000);
    }
    return first;
  }

  /** Gives another stream the same requests. */
  copyTo(copy: SeenRequests): void {
    copy.#duration = this.#duration;
    copy.#most = this.#most;
    const { heap } = this.#space;
    for (const { name, requests } of this.#producers?.values() ?? []) {
      const producer = copy.producerFor(name);
      for (const [request, { id, bytes }] of requests) {
        const handle = heap.malloc(bytes, ContainerKind.pendingEntry);
        copy.remember(producer, { name: request, handle, bytes }, id);
      }
    }
  }

  /** Returns the bytes of producers, dicts and requests, counted by a walk. */
  walkedBytes(): number {
    let sum = this.#producers?.walkedBytes() ?? 0;
    for (const { table, requests } of this.#producers?.values() ?? []) {
      sum += PRODUCER_BYTES + table.ownBytes;
      for (const { bytes } of requests.values()) sum += bytes;
    }
    return sum;
  }

  /** Returns the bytes that MEMORY USAGE counts: producers and requests, without dicts and tree. */
  get usage(): number {
    const { heap } = this.#space;
    let sum = 0;
    for (const { handle, requests } of this.#producers?.values() ?? []) {
      sum += heap.usableOf(handle);
      for (const request of requests.values()) sum += heap.usableOf(request.handle);
    }
    return sum;
  }

  free(heap: Heap): void {
    this.#producers?.free(heap, (producer) => this.#freeProducer(producer));
    this.#producers = undefined;
  }

  #forgetOldest(producer: Producer): void {
    const [oldest] = producer.requests;
    if (oldest === undefined) return;
    const [name, { handle, element }] = oldest;
    const { table, requests } = producer;
    table.step();
    table.unlink(element);
    table.freeEntry(element);
    this.#space.shrinkIfNeeded(table);
    this.#space.heap.free(handle);
    requests.delete(name);
    this.#space.requests.give(element);
  }

  /** Frees the dict, then the requests in order, then the producer (idmpProducerFree). */
  #freeProducer({ handle, table, requests }: Producer): void {
    const { heap } = this.#space;
    table.free(() => {});
    for (const request of requests.values()) {
      heap.free(request.handle);
      this.#space.requests.give(request.element);
    }
    heap.free(handle);
  }
}
