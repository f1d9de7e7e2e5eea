import { type ByteSource, concatBytes, InputError, MIB } from '../base/index.js';
import { MAX_UNPACKED_BYTES, tooLarge, unpacked } from '../stream/node.js';

const PIECE_BYTES = MIB;

/**
 * The unpacked bytes of a gzip file with any number of members. What is before a cut or damage is read first, and then
 * the error is thrown.
 */
export class GzipSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #bytes: Uint8Array;
  readonly #problem: string | undefined;
  readonly #name: string;
  #at = 0;

  /** Reads `packed` to its end, and closes it. */
  constructor(name: string, packed: ByteSource) {
    this.#name = name;
    if ((packed.sizeBytes ?? 0) > MAX_UNPACKED_BYTES) {
      packed.close();
      throw tooLarge(name);
    }
    const { bytes, problem } = unpacked(name, wholeOf(packed));
    this.#bytes = bytes;
    this.#problem = problem;
    this.sizeBytes = bytes.length;
  }

  read(target: Uint8Array): number {
    const count = Math.min(target.length, this.#bytes.length - this.#at);
    target.set(this.#bytes.subarray(this.#at, this.#at + count));
    this.#at += count;
    if (count === 0 && target.length > 0 && this.#problem !== undefined) {
      throw new InputError(
        `${this.#name}: ${this.#problem} after ${this.#at} unpacked bytes; copy the file again`,
      );
    }
    return count;
  }

  close(): void {}
}

/** Reads a source to its end, and closes it. */
function wholeOf(source: ByteSource): Uint8Array {
  const pieces: Uint8Array[] = [];
  try {
    for (;;) {
      const piece = new Uint8Array(PIECE_BYTES);
      const count = source.read(piece);
      if (count === 0) return concatBytes(pieces);
      pieces.push(piece.subarray(0, count));
    }
  } finally {
    source.close();
  }
}
