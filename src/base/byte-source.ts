/**
 * A source of bytes in order.
 *
 * Reading is synchronous, so a reader may ask for more in the middle of a value. A consumer walks the elements of a
 * large object with a plain loop. The operating system takes well under a millisecond for a block of a file, which is
 * less than the cost of awaiting it.
 */
export interface ByteSource {
  /** The number of all bytes, or undefined if it is not known. */
  readonly sizeBytes: number | undefined;
  /** The number of bytes to read at once; if undefined, a default for files applies. */
  readonly blockBytes?: number | undefined;
  /** Fills some or all of `target` with the next bytes and returns their number; 0 at the end. */
  read(target: Uint8Array): number;
  close(): void;
}

export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(
    bytes: Uint8Array,
    readonly blockBytes?: number,
  ) {
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  read(target: Uint8Array): number {
    const count = Math.min(target.length, this.#bytes.length - this.#at);
    target.set(this.#bytes.subarray(this.#at, this.#at + count));
    this.#at += count;
    return count;
  }

  close(): void {}
}
