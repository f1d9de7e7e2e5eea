import { concatBytes } from '../base/index.js';

/** Reads bytes that arrive in pieces of any size in pieces of requested sizes. */
export class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>;
  #waiting: Uint8Array = new Uint8Array(0);

  constructor(
    source: AsyncIterable<Uint8Array>,
    /** Number of bytes taken, including those before the source's first byte. */
    public taken = 0,
  ) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Takes `count` bytes, fewer only at the end. No memory is allocated for bytes that have not arrived. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#waiting.length === 0) {
        const { done, value } = await this.#source.next();
        if (done) break;
        this.#waiting = value;
      }
      const piece = this.#waiting.subarray(0, missing);
      this.#waiting = this.#waiting.subarray(piece.length);
      pieces.push(piece);
      missing -= piece.length;
    }
    this.taken += count - missing;
    return concatBytes(pieces);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
