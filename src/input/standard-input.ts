import { readSync } from 'node:fs';
import { type ByteSource, concatBytes, formatBytes, GIB, InputError, MemorySource } from '../base/index.js';
import type { Files } from './files.js';
import { GzipSource, isGzip } from './gzip-source.js';

/** The name that means standard input. */
export const STDIN = '-';
const FILE = 0;
const PIECE_BYTES = 1 << 20;
/** Standard input is kept in memory, because its kind is found before it is read. */
const MAX_BYTES = 2 * GIB;
const WAIT_MS = 10;

/** Standard input as the only file. */
export class StandardInput implements Files {
  static readonly shownName = 'stdin';
  #bytes: Uint8Array | undefined;

  stat() {
    this.#bytes ??= readAll();
    return { kind: 'file', sizeBytes: this.#bytes.length } as const;
  }

  open(path: string): ByteSource {
    this.#bytes ??= readAll();
    const source = new MemorySource(this.#bytes);
    return isGzip(this.#bytes) ? new GzipSource(path, source) : source;
  }

  entries(): never[] {
    return [];
  }

  within(_: string, name: string): string {
    return name;
  }

  sibling(path: string, name: string): string {
    throw new InputError(
      `${path}: it names the file ${name}, which standard input cannot have; name the directory`,
    );
  }
}

/** Returns all bytes of standard input. */
export function readAll(): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const piece = new Uint8Array(PIECE_BYTES);
    const count = readPiece(piece);
    if (count === 0) return concatBytes(pieces);
    pieces.push(piece.subarray(0, count));
    length += count;
    if (length > MAX_BYTES) {
      throw new InputError(`stdin: over ${formatBytes(MAX_BYTES)}; write it to a file, and name the file`);
    }
  }
}

/** Reads some bytes, and waits for them where standard input does not block. */
function readPiece(piece: Uint8Array): number {
  for (;;) {
    try {
      return readSync(FILE, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') {
        throw new InputError(`stdin: it cannot be read: ${(error as Error).message}; name a readable file`);
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
}
