import { type ByteSource, type Crc64, GIB, InputError, KIB } from '../base/index.js';

const BLOCK_BYTES = 256 * KIB;
/** What one element may need at once: the largest argument Redis takes, twice. Offsets are 32-bit words. */
const MAX_WINDOW_BYTES = GIB + BLOCK_BYTES;

/**
 * The part of the input that is in memory:
 *
 *     input   0 ....... base ........................................ sizeBytes
 *     bytes             [ consumed | held | at: to be read | end: room ]
 *
 * `fill` moves what is still wanted to the front and reads on behind it, so memory stays at one block, or at the
 * largest single element where that is larger. Whoever keeps an offset across a `fill` sets `hold` to it and takes it
 * from there again afterwards.
 */
export class ByteWindow {
  bytes: Uint8Array;
  at = 0;
  end = 0;
  /** The input's offset of bytes[0]. */
  base = 0;
  /** Bytes from here on stay, although they are before `at`; -1 for none. */
  hold = -1;
  /** Sums what has been consumed, where somebody asked for it; see `consumedSum`. */
  checksum: Crc64 | undefined;
  readonly name: string;
  readonly source: ByteSource | undefined;
  #summedTo = 0;
  #isOwn: boolean;

  /** Without a source, bytes come by `append`. `name` is the file's, for messages. */
  constructor(name: string, source?: ByteSource) {
    this.name = name;
    this.source = source;
    const blockBytes = source?.blockBytes ?? BLOCK_BYTES;
    const size = source === undefined ? 0 : Math.min(blockBytes, (source.sizeBytes ?? blockBytes) + 1);
    this.bytes = new Uint8Array(size);
    this.#isOwn = true;
  }

  /** The input's offset of the next byte. */
  get position(): number {
    return this.base + this.at;
  }

  /** Offset behind the last byte read from the source. */
  get read(): number {
    return this.base + this.end;
  }

  /** Bytes that may still come, in memory and not yet read; infinite when nobody knows. */
  get remaining(): number {
    const size = this.source?.sizeBytes;
    // A file may have grown since it was opened, so what is in memory counts as well.
    return size === undefined ? Number.POSITIVE_INFINITY : Math.max(size, this.read) - this.position;
  }

  /** True when at least `count` bytes are there from `at` on, having read them if need be; false when the input ends. */
  need(count: number): boolean {
    while (this.end - this.at < count) {
      if (!this.fill(count)) return false;
    }
    return true;
  }

  /** Reads another block behind `end`; false at the end of the source. `wanted` is how many bytes from `at` on are needed. */
  fill(wanted = 0): boolean {
    if (this.source === undefined) return false;
    // A length that is wrong must not make room for bytes that will never come.
    const missing = this.at + Math.min(wanted, this.remaining) - this.end;
    this.#makeRoom(Math.max(missing, 1));
    const count = this.source.read(this.bytes.subarray(this.end));
    this.end += count;
    return count > 0;
  }

  /**
   * Adds bytes that arrived by themselves. While nothing waits they are used where they are, not copied; they must not
   * change until they have been consumed.
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

  /** From here on consumed bytes are summed. */
  startChecksum(checksum: Crc64): void {
    this.checksum = checksum;
    this.#summedTo = this.position;
  }

  /** The checksum over all bytes consumed since it was started. */
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
    // Moving the rest of a block for a few bytes of room would be done again and again.
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
