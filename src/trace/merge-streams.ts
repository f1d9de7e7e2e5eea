import type { OpChunk } from '../stream/index.js';
import { HEAD_LATE, HEAD_PLACED, RecordKind } from './raw-format.js';
import type { RecordedImage } from './raw-recording.js';
import { StreamCursor } from './stream-cursor.js';
import { type Allocation, type TraceCounts, Translator } from './translator.js';

/** Bytes that the buffers of all streams have together, and at most for one of them. */
const BUFFER_BYTES = 64 << 20;
const MAX_BUFFER_BYTES = 256 << 10;

/** A stream in the merge. `key` is the order of the next event: a record, or the end of a resize. */
interface Waiting {
  readonly cursor: StreamCursor;
  key: number;
  /** For a resize that has begun, what it began with. */
  began: number | undefined;
}

/** Merges the streams of an image into operations, in the order of the calls. */
export class Merge {
  /** The return addresses of each site, by the number of the recorder. */
  readonly sites = new Map<number, readonly number[]>();
  /** The owner tags of sites, in the order of their first operation. */
  readonly tags = new Map<number, number>();
  readonly problems: string[] = [];
  readonly #image: RecordedImage;
  readonly #translator = new Translator();
  readonly #clock: Clock;

  constructor(image: RecordedImage) {
    this.#image = image;
    this.#clock = new Clock(image.facts.isCounted);
  }

  get counts(): Readonly<TraceCounts> {
    return this.#translator.counts;
  }

  get operations(): number {
    return this.#translator.operations;
  }

  get peakAt(): number {
    return this.#translator.peakAt;
  }

  *chunks(): Generator<OpChunk, void> {
    const translator = this.#translator;
    const heap = new Heap();
    const { streamPaths } = this.#image;
    const share = Math.floor(BUFFER_BYTES / Math.max(1, streamPaths.length));
    const cursors = streamPaths.map((path) => new StreamCursor(path, Math.min(MAX_BUFFER_BYTES, share)));
    try {
      for (const cursor of cursors) {
        const waiting = { cursor, key: 0, began: undefined };
        if (this.#advance(waiting)) heap.push(waiting);
      }
      for (let first = heap.pop(); first !== undefined; first = heap.pop()) {
        const until = heap.firstKey;
        let goesOn = true;
        while (goesOn && first.key <= until) {
          goesOn = this.#take(first);
          if (translator.isFull) yield* translator.takeFull();
        }
        if (goesOn) heap.push(first);
      }
      yield* translator.finish();
    } finally {
      for (const cursor of cursors) cursor.close();
    }
  }

  /** Moves a stream to its next record. Returns false at its end. */
  #advance(waiting: Waiting): boolean {
    const { cursor } = waiting;
    waiting.began = undefined;
    if (!cursor.next()) {
      if (cursor.problem !== undefined) this.problems.push(cursor.problem);
      return false;
    }
    waiting.key = isResize(cursor.kind) ? cursor.orderBefore : cursor.order;
    return true;
  }

  /** Translates the next event of a stream. Returns false at its end. */
  #take(waiting: Waiting): boolean {
    const { cursor } = waiting;
    if (isResize(cursor.kind) && waiting.began === undefined) {
      waiting.began = this.#translator.beginResize(cursor.oldPointer);
      waiting.key = cursor.order;
      return true;
    }
    this.#translate(cursor, waiting.began);
    return this.#advance(waiting);
  }

  #translate(cursor: StreamCursor, began: number | undefined): void {
    const translator = this.#translator;
    const { kind, pointer, size, flags } = cursor;
    switch (kind) {
      case RecordKind.clock:
        this.#clock.set(cursor.order, cursor.clockNs);
        return;
      case RecordKind.thread:
        return;
      case RecordKind.threadEnd:
        translator.threadEnd(cursor.thread);
        return;
      case RecordKind.site:
        this.sites.set(size, cursor.frames);
        return;
      case RecordKind.failed:
        translator.failed();
        return;
    }
    translator.time(this.#clock.msAt(cursor.order));
    const isLate = (flags & HEAD_LATE) !== 0;
    if (isLate) translator.anyThread();
    else translator.thread(cursor.thread);
    if ((flags & HEAD_PLACED) !== 0) translator.placed();
    switch (kind) {
      case RecordKind.free:
        translator.release(pointer, isLate ? 'freeNoTcache' : 'free');
        break;
      case RecordKind.freeSized:
        translator.release(pointer, isLate ? 'freeNoTcache' : 'free', size);
        break;
      case RecordKind.freeNoTcache:
        translator.release(pointer, 'freeNoTcache');
        break;
      case RecordKind.realloc:
      case RecordKind.rallocx:
        translator.endResize(
          kind === RecordKind.realloc ? 'realloc' : 'rallocx',
          began!,
          pointer,
          size,
          this.#tagOf(cursor.site),
        );
        break;
      case RecordKind.xallocx:
        translator.resizeInPlace(pointer, size, this.#tagOf(cursor.site));
        break;
      case RecordKind.aligned:
        translator.obtainAligned(pointer, cursor.extra, size, this.#tagOf(cursor.site));
        break;
      default:
        translator.obtain(allocationOf(kind, isLate), pointer, size, this.#tagOf(cursor.site));
    }
  }

  #tagOf(site: number): number {
    if (site === 0) return 0;
    let tag = this.tags.get(site);
    if (tag === undefined) {
      tag = this.tags.size + 1;
      this.tags.set(site, tag);
    }
    return tag;
  }
}

function isResize(kind: number): boolean {
  return kind === RecordKind.realloc || kind === RecordKind.rallocx;
}

function allocationOf(kind: number, isLate: boolean): Allocation {
  if (isLate || kind === RecordKind.mallocNoTcache) return 'mallocNoTcache';
  return kind === RecordKind.calloc ? 'calloc' : 'malloc';
}

/** The time of an order, from pairs of both. Between pairs, orders pass as fast as between the first and the last. */
class Clock {
  readonly #isCounted: boolean;
  #firstOrder = -1;
  #firstNs = 0;
  #lastOrder = 0;
  #lastNs = 0;

  constructor(isCounted: boolean) {
    this.#isCounted = isCounted;
  }

  set(order: number, ns: number): void {
    if (this.#firstOrder < 0) {
      this.#firstOrder = order;
      this.#firstNs = ns;
    }
    if (order >= this.#lastOrder) {
      this.#lastOrder = order;
      this.#lastNs = ns;
    }
  }

  /** Returns the milliseconds since the first pair. */
  msAt(order: number): number {
    const passed = this.#lastNs - this.#firstNs;
    const orders = this.#lastOrder - this.#firstOrder;
    const rest =
      this.#isCounted || orders <= 0 ? 0 : Math.max(0, order - this.#lastOrder) * (passed / orders);
    return (passed + rest) / 1e6;
  }
}

/** The streams by their next order, the lowest first. */
class Heap {
  readonly #items: Waiting[] = [];

  get firstKey(): number {
    return this.#items[0]?.key ?? Number.POSITIVE_INFINITY;
  }

  push(item: Waiting): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]!.key <= item.key) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): Waiting | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]!.key < items[child]!.key) child++;
      if (items[child]!.key >= last.key) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
