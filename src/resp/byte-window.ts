import { type ByteSource, type Crc64, GIB, InputError, KIB } from '../base/index.js';

const BLOCK_BYTES = 256 * KIB;
/** Limit of the window: one element may need the largest argument of Redis twice. Offsets are 32-bit words. */
const MAX_WINDOW_BYTES = GIB + BLOCK_BYTES;

/**
 * The part of the input that is in memory:
 *
 *     input   0 ....... base ........................................ sizeBytes
 *     bytes             [ consumed | held | at: to be read | end: room ]
 *
 * `fill` moves the bytes that are still needed to the front and reads on after them. Memory stays at one block, or at
 * the largest single element where that is larger. A caller that keeps an offset across a `fill` sets `hold` to it and
 * reads it from there afterwards.
 */
export class ByteWindow {
  bytes: Uint8Array;
  at = 0;
  end = 0;
  /** Offset of bytes[0] in the input. */
  base = 0;
  /** Bytes from here on stay, although they are before `at`; -1 for none. */
  hold = -1;
  /** Checksum over the consumed bytes, between `startChecksum` and `finishChecksum`. */
  checksum: Crc64 | undefined;
  readonly name: string;
  readonly source: ByteSource | undefined;
  #summedTo = 0;
  #isOwn: boolean;

  /** Without a source, bytes arrive by `append`. `name` is the file's, for messages. */
  constructor(name: string, source?: ByteSource) {
    this.name = name;
    this.source = source;
    const blockBytes = source?.blockBytes ?? BLOCK_BYTES;
    const size = source === undefined ? 0 : Math.min(blockBytes, (source.sizeBytes ?? blockBytes) + 1);
    this.bytes = new Uint8Array(size);
    this.#isOwn = true;
  }

  /** Returns the offset of the next byte in the input. */
  get position(): number {
    return this.base + this.at;
  }

  /** Returns the offset after the last byte read from the source. */
  get read(): number {
    return this.base + this.end;
  }

  /** Returns how many bytes are left, in memory and not yet read; infinite if the size is not known. */
  get remaining(): number {
    const size = this.source?.sizeBytes;
    // A file may have grown since it was opened, so what is in memory counts as well.
    return size === undefined ? Number.POSITIVE_INFINITY : Math.max(size, this.read) - this.position;
  }

  /** Whether at least `count` bytes are there from `at` on; missing bytes are read until the input ends. */
  need(count: number): boolean {
    while (this.end - this.at < count) {
      if (!this.fill(count)) return false;
    }
    return true;
  }

  /** Reads another block after `end`; false at the end of the source. `wanted` is the bytes needed from `at` on. */
  fill(wanted = 0): boolean {
    if (this.source === undefined) return false;
    // A wrong length must not make room for bytes that never arrive.
    const missing = this.at + Math.min(wanted, this.remaining) - this.end;
    this.#makeRoom(Math.max(missing, 1));
    const count = this.source.read(this.bytes.subarray(this.end));
    this.end += count;
    return count > 0;
  }

  /**
   * Adds bytes that arrived without a source. If no earlier bytes are left, they are used in place, not copied. They
   * must not change until they have been consumed.
   */
  append(chunk: Uint8Array): void {
    if (this.at === this.end && this.hold < 0) {
      this.base += this.end;
      this.bytes = chunk;
      this.at = 0;
      this.end = chunk.length;
      this.#isOwn = false;
      return;
    }
    this.#makeRoom(chunk.length);
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Starts a checksum over the bytes consumed from here on. */
  startChecksum(checksum: Crc64): void {
    this.checksum = checksum;
    this.#summedTo = this.position;
  }

  /** Returns the checksum over all bytes consumed since it was started. */
  finishChecksum(): Crc64 | undefined {
    const { checksum } = this;
    this.#sumTo(this.at);
    this.checksum = undefined;
    return checksum;
  }

  #sumTo(to: number): void {
    if (this.checksum === undefined) return;
    const from = this.#summedTo - this.base;
    if (to <= from) return;
    this.checksum.update(this.bytes, from, to);
    this.#summedTo = this.base + to;
  }

  #makeRoom(count: number): void {
    const from = this.hold >= 0 ? Math.min(this.hold, this.at) : this.at;
    const room = this.bytes.length - this.end;
    // A move for a few bytes of room would be repeated again and again.
    if (this.#isOwn && room >= count && (from === 0 || room >= this.bytes.length / 4)) return;
    this.#sumTo(from);
    const kept = this.end - from;
    if (kept + count > MAX_WINDOW_BYTES) {
      throw new InputError(
        `${this.name}: byte ${this.base + from}: an element of over ${MAX_WINDOW_BYTES - BLOCK_BYTES} bytes; ` +
          'Redis takes none as large, so the length is wrong: make the file again',
      );
    }
    if (this.#isOwn && kept + count <= this.bytes.length) {
      this.bytes.copyWithin(0, from, this.end);
    } else {
      const larger = new Uint8Array(Math.min(MAX_WINDOW_BYTES, Math.max(kept + count, kept * 2, 4096)));
      larger.set(this.bytes.subarray(from, this.end));
      this.bytes = larger;
      this.#isOwn = true;
    }
    this.base += from;
    this.at -= from;
    this.end -= from;
    if (this.hold >= 0) this.hold -= from;
  }
}
