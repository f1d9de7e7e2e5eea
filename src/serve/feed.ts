import { BufferPool, KIB } from '../base/index.js';

/**
 * The kinds of records in the feed for the lab's thread. The feed contains the connections, disconnections and commands
 * that a server executed, in order.
 *
 *     record   u32 kind | flags << 8,  u32 client,  f64 time (ms),  u32 bytes,  then the bytes, padded to 4
 */

export const FeedKind = {
  connect: 1,
  disconnect: 2,
  commands: 3,
  tick: 4,
  refusedElements: 5,
  release: 6,
} as const;

/** The outcomes of commands at the server, which are the flags of their records. */
export const Outcome = {
  /** The model decides, since there is no real server. */
  modelled: 0,
  executed: 1,
  /** The server refused the command, or its timeout expired. */
  refused: 2,
  /** The server called the command, which failed and changed nothing. */
  failed: 5,
  /** EXEC executed nothing, since a watched key had changed. */
  stale: 3,
  /** EXEC executed nothing, since a command before it was refused. */
  aborted: 4,
  /** The value of a key met the condition of the command, or did not meet it. */
  met: 6,
  unmet: 7,
} as const;

export type Outcome = (typeof Outcome)[keyof typeof Outcome];

const HEAD_BYTES = 20;
/** The length at which a batch is handed over. A timer hands over shorter ones. */
export const BATCH_BYTES = 256 * KIB;
/** The capacity of a batch, whose last command may exceed BATCH_BYTES. */
const BATCH_CAPACITY = 2 * BATCH_BYTES;

/**
 * The first `length` bytes of `memory`, on their way to the lab's thread. Shared memory is reused, since allocating it
 * for each batch would start the garbage collector every 10 MB. A longer command has memory of its own, which is
 * transferred.
 */
export interface Batch {
  readonly memory: SharedArrayBuffer | ArrayBuffer;
  readonly length: number;
}

/** Writes records into batches. */
export class FeedWriter {
  #bytes: Uint8Array<SharedArrayBuffer | ArrayBuffer> = new Uint8Array(new SharedArrayBuffer(BATCH_CAPACITY));
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  /** The memory of batches that have been read, for reuse. */
  readonly #memory = new BufferPool({
    allocate: (bytes) => new SharedArrayBuffer(bytes),
    maxUnused: Number.POSITIVE_INFINITY,
  });

  get length(): number {
    return this.#end;
  }

  connect(client: number, timeMs: number): void {
    this.#head(FeedKind.connect, client, timeMs, 0);
  }

  disconnect(client: number, timeMs: number): void {
    this.#head(FeedKind.disconnect, client, timeMs, 0);
  }

  tick(timeMs: number): void {
    this.#head(FeedKind.tick, 0, timeMs, 0);
  }

  /** Adds whole commands, in bytes[from .. to). */
  commands(client: number, timeMs: number, flags: number, bytes: Uint8Array, from: number, to: number): void {
    const at = this.#head(FeedKind.commands | (flags << 8), client, timeMs, to - from);
    this.#bytes.set(bytes.subarray(from, to), at);
  }

  /**
   * Adds the indices of the commands that the server refused in the client's next EXEC. `count` is the number of commands
   * in that transaction.
   */
  refusedElements(client: number, timeMs: number, count: number, indices: readonly number[]): void {
    const words = new Uint32Array(1 + indices.length);
    words[0] = count;
    words.set(indices, 1);
    const at = this.#head(FeedKind.refusedElements, client, timeMs, words.byteLength);
    this.#bytes.set(new Uint8Array(words.buffer), at);
  }

  /** Ends the wait of a client, for which a command is carried out in place of its own; without one, nothing is. */
  release(client: number, timeMs: number, command: Uint8Array): void {
    this.#bytes.set(command, this.#head(FeedKind.release, client, timeMs, command.length));
  }

  /** Returns the records since the last call. The reader gives the batch back. */
  take(): Batch {
    const batch = { memory: this.#bytes.buffer, length: this.#end };
    this.#end = 0;
    this.#use(this.#memory.take(BATCH_CAPACITY));
    return batch;
  }

  giveBack({ memory }: Batch): void {
    if (memory instanceof SharedArrayBuffer) this.#memory.giveBack(memory);
  }

  #head(kind: number, client: number, timeMs: number, length: number): number {
    const needed = this.#end + HEAD_BYTES + length + 3;
    if (needed > this.#bytes.length) this.#grow(Math.max(needed, 2 * this.#bytes.length));
    const at = this.#end;
    this.#view.setUint32(at, kind, true);
    this.#view.setUint32(at + 4, client, true);
    this.#view.setFloat64(at + 8, timeMs, true);
    this.#view.setUint32(at + 16, length, true);
    this.#end = (at + HEAD_BYTES + length + 3) & ~3;
    return at + HEAD_BYTES;
  }

  #grow(bytes: number): void {
    const { buffer } = this.#bytes;
    const written = this.#bytes.subarray(0, this.#end);
    this.#use(new ArrayBuffer(bytes));
    this.#bytes.set(written);
    this.giveBack({ memory: buffer, length: 0 });
  }

  #use(memory: SharedArrayBuffer | ArrayBuffer): void {
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
  }
}

/** Reads batches in the lab's thread. */
export class FeedReader {
  /** A copy of shared memory, which the other thread may write to during the reading. */
  readonly #copy = new Uint8Array(BATCH_CAPACITY);

  read({ memory, length }: Batch): Generator<FeedRecord, void> {
    if (memory instanceof ArrayBuffer) return readFeed(new Uint8Array(memory, 0, length));
    this.#copy.set(new Uint8Array(memory, 0, length));
    return readFeed(this.#copy.subarray(0, length));
  }
}

export interface FeedRecord {
  kind: number;
  flags: number;
  client: number;
  timeMs: number;
  /** The bytes of commands, or the words of `refusedElements`; empty for other kinds. */
  bytes: Uint8Array;
}

/** Returns the records of a batch. Every step refills the same record. */
function* readFeed(batch: Uint8Array): Generator<FeedRecord, void> {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
  const record: FeedRecord = { kind: 0, flags: 0, client: 0, timeMs: 0, bytes: new Uint8Array() };
  for (let at = 0; at < batch.length; ) {
    const word = view.getUint32(at, true);
    const length = view.getUint32(at + 16, true);
    record.kind = word & 0xff;
    record.flags = word >>> 8;
    record.client = view.getUint32(at + 4, true);
    record.timeMs = view.getFloat64(at + 8, true);
    record.bytes = batch.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length);
    yield record;
    at = (at + HEAD_BYTES + length + 3) & ~3;
  }
}
