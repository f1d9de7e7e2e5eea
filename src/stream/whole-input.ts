import { createReadStream, readSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { concatBytes, formatBytes, GIB, InputError } from '../base/index.js';
import { isGzip, unpacked } from './gzip.js';

/** The name that means standard input. */
export const STDIN = '-';
const FILE = 0;
const PIECE_BYTES = 1 << 20;
/** Standard input is kept in memory, because its kind is found before it is read. */
const MAX_BYTES = 2 * GIB;
const WAIT_MS = 10;

let standardInput: Uint8Array | undefined;

/** Returns all bytes of standard input, which are read once. */
export function readStandardInput(): Uint8Array {
  standardInput ??= readAll();
  return standardInput;
}

/** Returns the plain bytes of standard input or of a file packed with gzip; undefined for other files. */
export async function wholeIfPacked(path: string): Promise<Uint8Array | undefined> {
  if (path === STDIN) return plainOf('stdin', readStandardInput());
  return (await isGzipAt(path)) ? plainOf(path, await readFile(path)) : undefined;
}

/** Returns the plain bytes of any file, or of standard input. */
export async function readPlain(path: string): Promise<Uint8Array> {
  return (await wholeIfPacked(path)) ?? readFile(path);
}

/** Opens the plain bytes of a file, or of standard input, piece by piece. */
export async function openPlain(path: string): Promise<Readable> {
  const whole = await wholeIfPacked(path);
  return whole === undefined
    ? createReadStream(path, { highWaterMark: PIECE_BYTES })
    : Readable.from([whole]);
}

async function isGzipAt(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const begin = new Uint8Array(2);
    await file.read(begin, 0, begin.length, 0);
    return isGzip(begin);
  } finally {
    await file.close();
  }
}

/** Returns the unpacked bytes. `name` is used in messages. */
export function plainOf(name: string, bytes: Uint8Array): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const { bytes: plain, problem } = unpacked(name, bytes);
  if (problem !== undefined) throw new InputError(`${name}: ${problem}; copy the file again`);
  return plain;
}

function readAll(): Uint8Array {
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
