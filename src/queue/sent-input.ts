/** Inputs that travel to workers by their content, packed and in pieces. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Redis } from 'ioredis';
import { InputError } from '../base/index.js';
import { type InputFile, inputFiles } from '../input/node.js';
import type { QueueKeys } from './keys.js';
import { KEPT_SECONDS } from './sweep-record.js';

/** The files of an input. */
export interface SentInput {
  /** The name that users gave. */
  readonly path: string;
  readonly files: readonly InputFile[];
  readonly bytes: number;
}

/** With its header, a value of a power of two would take a quarter more memory of the server. */
const PIECE_BYTES = (1 << 20) - 64;
/** The server has a packed copy in memory, and each worker fetches it. */
const MAX_BYTES = 4 * 1024 ** 3;

export async function describeInput(path: string): Promise<SentInput> {
  if (path.endsWith('.manifest')) {
    throw new InputError(`${path}: its files are beside it, and would not travel; name their directory`);
  }
  const files = await inputFiles(path);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MAX_BYTES) {
    throw new InputError(
      `${path}: has ${bytes} bytes, and a queue carries at most ${MAX_BYTES}; divide the sweep with --shard instead`,
    );
  }
  return { path, files, bytes };
}

/** Sends the files that the server does not have. Returns the number of bytes that were sent. */
export async function sendInput(redis: Redis, keys: QueueKeys, { path, files }: SentInput): Promise<number> {
  let sent = 0;
  for (const { name, sha256 } of files) {
    if ((await redis.get(keys.input(sha256))) !== null) continue;
    let number = 0;
    for await (const piece of pieces(createReadStream(join(path, name)).pipe(createGzip({ level: 1 })))) {
      await redis.set(keys.piece(sha256, number++), piece, 'EX', KEPT_SECONDS);
      sent += piece.length;
    }
    await redis.set(keys.input(sha256), number, 'EX', KEPT_SECONDS);
  }
  return sent;
}

/** Fetches a file, and checks its content. Rejects if the server does not have it whole. */
export async function fetchFile(
  redis: Redis,
  keys: QueueKeys,
  { sha256, bytes }: InputFile,
  to: string,
): Promise<void> {
  const count = Number((await redis.get(keys.input(sha256))) ?? Number.NaN);
  if (Number.isNaN(count)) throw new InputError(`the input ${sha256} is not on the server`);
  const hash = createHash('sha256');
  let got = 0;
  await pipeline(
    Readable.from(fetched(redis, keys, sha256, count)),
    createGunzip(),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const piece of source) {
        hash.update(piece);
        got += piece.length;
        if (got > bytes) throw new InputError(`the input ${sha256} is longer than its ${bytes} bytes`);
        yield piece;
      }
    },
    createWriteStream(to),
  );
  if (hash.digest('hex') !== sha256) throw new InputError(`the input ${sha256} was damaged on its way`);
}

/** Removes a file of an input from the server. */
export async function removeFile(redis: Redis, keys: QueueKeys, sha256: string): Promise<void> {
  const count = Number((await redis.get(keys.input(sha256))) ?? 0);
  await redis.unlink(keys.input(sha256));
  for (let number = 0; number < count; number++) await redis.unlink(keys.piece(sha256, number));
}

async function* fetched(
  redis: Redis,
  keys: QueueKeys,
  sha256: string,
  count: number,
): AsyncGenerator<Buffer> {
  for (let number = 0; number < count; number++) {
    const piece = await redis.getBuffer(keys.piece(sha256, number));
    if (piece === null) throw new InputError(`piece ${number} of the input ${sha256} is not on the server`);
    yield piece;
  }
}

async function* pieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const part of source) {
    waiting.push(part);
    length += part.length;
    if (length < PIECE_BYTES) continue;
    let whole = Buffer.concat(waiting);
    for (; whole.length >= PIECE_BYTES; whole = whole.subarray(PIECE_BYTES)) {
      yield whole.subarray(0, PIECE_BYTES);
    }
    waiting = [whole];
    length = whole.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
