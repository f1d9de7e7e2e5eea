/**
 * Where bytes come from, in order. Reading is synchronous: a reader may then ask for more in the middle of a value, and
 * a consumer walks the elements of a large object with a plain loop. A block of a file takes the operating system well
 * under a millisecond, which is less than what awaiting it would cost.
 */
export interface ByteSource {
  /** All bytes there are, or undefined when that is not known. */
  readonly sizeBytes: number | undefined;
  /** Bytes to read at once; a default that suits files when it does not say. */
  readonly blockBytes?: number | undefined;
  /** Fills some or all of `target` with the next bytes; 0 when there are no more. */
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
