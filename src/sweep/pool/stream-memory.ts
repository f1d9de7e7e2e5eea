import type { OpChunk } from '../../stream/index.js';

/** Memory for 22 million operations. Only the part that is written costs memory; the rest is address space. */
const STREAM_MEMORY_BYTES = 1 << 28;

const WORDS_AN_OPERATION = 3;

/** A stream in shared memory, which is written once and then replayed by all workers without a copy. */
export class StreamMemory {
  readonly #words: Uint32Array<SharedArrayBuffer>;
  readonly #lengths: number[];
  #used = 0;

  /** Reads a buffer whose chunks have these lengths; without lengths, an empty one to write. */
  constructor(buffer: SharedArrayBuffer, lengths: readonly number[] = []) {
    this.#words = new Uint32Array(buffer);
    this.#lengths = [...lengths];
  }

  /** Lengths of the chunks. */
  get lengths(): readonly number[] {
    return this.#lengths;
  }

  /** Number of operations in all chunks. */
  get operations(): number {
    return this.#lengths.reduce((sum, length) => sum + length, 0);
  }

  /** Adds the next chunk of the stream. Returns false, and writes nothing, if it does not fit. */
  add({ length, what, handle, size }: OpChunk): boolean {
    if (this.#used + length * WORDS_AN_OPERATION > this.#words.length) return false;
    for (const column of [what, handle, size]) {
      this.#words.set(column.subarray(0, length), this.#used);
      this.#used += length;
    }
    this.#lengths.push(length);
    return true;
  }

  /** Yields the chunks as read-only views of the memory. */
  *chunks(): Generator<OpChunk, void> {
    let firstPosition = 0;
    for (const length of this.#lengths) {
      const column = (n: number) => {
        const from = firstPosition * WORDS_AN_OPERATION + n * length;
        return this.#words.subarray(from, from + length);
      };
      yield { firstPosition, length, what: column(0), handle: column(1), size: column(2) };
      firstPosition += length;
    }
  }
}

/** A pool of buffers for streams. It has as many buffers as there are streams at the same time. */
export class StreamBuffers {
  readonly #free: SharedArrayBuffer[] = [];
  readonly #bytes: number;

  constructor(bytes = STREAM_MEMORY_BYTES) {
    this.#bytes = bytes;
  }

  take(): SharedArrayBuffer {
    return this.#free.pop() ?? new SharedArrayBuffer(this.#bytes);
  }

  /** Returns a buffer that no worker reads any more. */
  give(buffer: SharedArrayBuffer): void {
    this.#free.push(buffer);
  }
}
