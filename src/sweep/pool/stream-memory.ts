import type { OpChunk } from '../../stream/index.js';

/** 22 million operations. It costs what is written; the rest is address space. */
const STREAM_MEMORY_BYTES = 1 << 28;

const WORDS_AN_OPERATION = 3;

export class StreamMemory {
  readonly #words: Uint32Array<SharedArrayBuffer>;
  readonly #lengths: number[];
  #used = 0;

  /** With the lengths of the chunks that are in it, to read these. */
  constructor(buffer: SharedArrayBuffer, lengths: readonly number[] = []) {
    this.#words = new Uint32Array(buffer);
    this.#lengths = [...lengths];
  }

  /** Of the chunks in it. */
  get lengths(): readonly number[] {
    return this.#lengths;
  }

  /** In these. */
  get operations(): number {
    return this.#lengths.reduce((sum, length) => sum + length, 0);
  }

  /** False, and nothing written, where there is no room. Chunks come in the order of the stream and without gaps. */
  add({ length, what, handle, size }: OpChunk): boolean {
    if (this.#used + length * WORDS_AN_OPERATION > this.#words.length) return false;
    for (const column of [what, handle, size]) {
      this.#words.set(column.subarray(0, length), this.#used);
      this.#used += length;
    }
    this.#lengths.push(length);
    return true;
  }

  /** As they lie there: to be read only. */
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

/** Buffers that serve one stream after the other: as many as there are streams at once, whatever a sweep goes through. */
export class StreamBuffers {
  readonly #free: SharedArrayBuffer[] = [];
  readonly #bytes: number;

  constructor(bytes = STREAM_MEMORY_BYTES) {
    this.#bytes = bytes;
  }

  take(): SharedArrayBuffer {
    return this.#free.pop() ?? new SharedArrayBuffer(this.#bytes);
  }

  /** Nobody reads in it any more. */
  give(buffer: SharedArrayBuffer): void {
    this.#free.push(buffer);
  }
}
