/**
 * What a server carried out, in order, as bytes that go to the lab's thread: who connected and left, and each client's
 * commands as the client sent them.
 *
 *     record   u32 kind | flags << 8,  u32 client,  f64 time (ms),  u32 bytes,  then the bytes, padded to 4
 */

export const FeedKind = { connect: 1, disconnect: 2, commands: 3, tick: 4 } as const;

/** The server refused to carry it out (NOAUTH, MOVED, …), or waited in vain for something to carry it out on. */
export const NOT_CARRIED_OUT = 1;

const HEAD_BYTES = 20;
/** A batch goes over when it is as long as this, or by a timer. */
export const BATCH_BYTES = 256 * 1024;

export class FeedWriter {
  #bytes = new Uint8Array(BATCH_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;

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

  /** Whole commands: bytes[from .. to). */
  commands(client: number, timeMs: number, flags: number, bytes: Uint8Array, from: number, to: number): void {
    const at = this.#head(FeedKind.commands | (flags << 8), client, timeMs, to - from);
    this.#bytes.set(bytes.subarray(from, to), at);
  }

  /** All that was written since the last time. The caller may give it away. */
  take(): ArrayBuffer {
    const taken = this.#bytes.buffer.slice(0, this.#end);
    this.#end = 0;
    if (this.#bytes.length > 4 * BATCH_BYTES) this.#resize(BATCH_BYTES);
    return taken;
  }

  #head(kind: number, client: number, timeMs: number, length: number): number {
    const needed = this.#end + HEAD_BYTES + length + 3;
    if (needed > this.#bytes.length) this.#resize(Math.max(needed, 2 * this.#bytes.length));
    const at = this.#end;
    this.#view.setUint32(at, kind, true);
    this.#view.setUint32(at + 4, client, true);
    this.#view.setFloat64(at + 8, timeMs, true);
    this.#view.setUint32(at + 16, length, true);
    this.#end = (at + HEAD_BYTES + length + 3) & ~3;
    return at + HEAD_BYTES;
  }

  #resize(bytes: number): void {
    const resized = new Uint8Array(bytes);
    resized.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = resized;
    this.#view = new DataView(resized.buffer);
  }
}

export interface FeedRecord {
  kind: number;
  flags: number;
  client: number;
  timeMs: number;
  /** Of `commands`. */
  bytes: Uint8Array;
}

/** The same record is filled for each step. */
export function* readFeed(batch: ArrayBuffer): Generator<FeedRecord, void> {
  const view = new DataView(batch);
  const record: FeedRecord = { kind: 0, flags: 0, client: 0, timeMs: 0, bytes: new Uint8Array() };
  for (let at = 0; at < batch.byteLength; ) {
    const word = view.getUint32(at, true);
    const length = view.getUint32(at + 16, true);
    record.kind = word & 0xff;
    record.flags = word >>> 8;
    record.client = view.getUint32(at + 4, true);
    record.timeMs = view.getFloat64(at + 8, true);
    record.bytes = new Uint8Array(batch, at + HEAD_BYTES, length);
    yield record;
    at = (at + HEAD_BYTES + length + 3) & ~3;
  }
}
