import { crc32, InputError, latin1, parsedJson } from '../../base/index.js';
import { allocateColumns, type OpChunk } from '../operation.js';
import {
  CHUNK_TAG,
  decodeHead,
  END_TAG,
  HEAD_BYTES,
  HEADER_BYTES,
  headerCheck,
  MAGIC,
  MAX_CHUNK_OPERATIONS,
  MAX_METADATA_BYTES,
  type OpsMetadata,
  type RecordHead,
  startsWithMagic,
  toHostOrder,
  VERSION,
  viewOf,
} from './ops-format.js';

/** A source of the bytes of a file. */
export interface OpsBytes {
  /** Fills some or all of `target` with the bytes from `position` on. Returns how many; 0 at the end. */
  read(target: Uint8Array<ArrayBuffer>, position: number): Promise<number>;
  close(): Promise<void>;
}

/** Reads an `.ops` file chunk by chunk. Every error is an InputError with the file, the byte and the remedy. */
export class OpsFileReader {
  readonly metadata: OpsMetadata;
  readonly #path: string;
  readonly #file: OpsBytes;
  #at: number;

  private constructor(path: string, file: OpsBytes, metadata: OpsMetadata, at: number) {
    this.#path = path;
    this.#file = file;
    this.metadata = metadata;
    this.#at = at;
  }

  /** Reads the header of a file. `path` is its name in messages. */
  static async open(path: string, file: OpsBytes): Promise<OpsFileReader> {
    try {
      const [metadata, at] = await readHeader(path, file);
      return new OpsFileReader(path, file, metadata, at);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Yields the chunks, each in its own buffer. Can be iterated once. */
  async *chunks(): AsyncGenerator<OpChunk, void> {
    let operations = 0;
    for (let chunks = 0; ; chunks++) {
      const head = await this.#readHead(chunks);
      if (head.position !== operations) {
        throw this.#refuse(
          `the record says ${head.position} operations precede it, but ${operations} do`,
          'a chunk is missing, doubled or out of place; record the file again',
        );
      }
      if (head.tag === END_TAG) {
        await this.#checkEnd(head, chunks);
        return;
      }
      yield await this.#readBody(head, chunks);
      operations += head.count;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #readHead(chunk: number): Promise<RecordHead> {
    const bytes = new Uint8Array(HEAD_BYTES);
    const found = await fill(this.#file, bytes, this.#at);
    if (found < HEAD_BYTES) {
      throw this.#refuse(`truncated before chunk ${chunk + 1} ended the file properly`, REMEDY_TRUNCATED);
    }
    const head = decodeHead(bytes);
    if (head === undefined)
      throw this.#refuse(`the head of chunk ${chunk + 1} fails its check`, REMEDY_DAMAGED);
    const isChunk = head.tag === CHUNK_TAG;
    if (!isChunk && head.tag !== END_TAG) {
      throw this.#refuse(`unknown record \`${head.tag}\``, REMEDY_DAMAGED);
    }
    if (isChunk && (head.count < 1 || head.count > MAX_CHUNK_OPERATIONS)) {
      throw this.#refuse(`a chunk of ${head.count} operations`, `a chunk has 1 to ${MAX_CHUNK_OPERATIONS}`);
    }
    return head;
  }

  async #readBody(head: RecordHead, chunk: number): Promise<OpChunk> {
    const columns = allocateColumns(head.count);
    const bytes = new Uint8Array(columns.what.buffer);
    const found = await fill(this.#file, bytes, this.#at + HEAD_BYTES);
    if (found < bytes.length) {
      this.#at += HEAD_BYTES + found;
      throw this.#refuse(`truncated in chunk ${chunk + 1} (${head.count} operations)`, REMEDY_TRUNCATED);
    }
    if (crc32(bytes) !== head.bodyCheck) {
      throw this.#refuse(`the checksum of chunk ${chunk + 1} does not match its operations`, REMEDY_DAMAGED);
    }
    toHostOrder(bytes);
    this.#at += HEAD_BYTES + bytes.length;
    return { firstPosition: head.position, length: head.count, ...columns };
  }

  async #checkEnd(head: RecordHead, chunks: number): Promise<void> {
    if (head.count !== chunks || head.bodyCheck !== 0) {
      throw this.#refuse(
        `the end record counts ${head.count} chunks, but ${chunks} were read`,
        REMEDY_DAMAGED,
      );
    }
    this.#at += HEAD_BYTES;
    if ((await fill(this.#file, new Uint8Array(1), this.#at)) > 0) {
      throw this.#refuse('there are bytes after the end record', 'cut the file here, or record it again');
    }
  }

  #refuse(found: string, remedy: string): InputError {
    return refusal(this.#path, this.#at, found, remedy);
  }
}

const REMEDY_TRUNCATED = 'the file was cut short: copy or record it again';
const REMEDY_DAMAGED = 'the file is damaged: copy or record it again';

function refusal(path: string, at: number, found: string, remedy: string): InputError {
  return new InputError(`${path}: byte ${at}: ${found}; ${remedy}`);
}

async function readHeader(path: string, file: OpsBytes): Promise<[OpsMetadata, number]> {
  const header = new Uint8Array(HEADER_BYTES);
  const found = await fill(file, header, 0);
  if (!startsWithMagic(header)) {
    const start = header.subarray(0, Math.min(found, MAGIC.length));
    const what = found === 0 ? 'the file is empty' : `it starts with ${JSON.stringify(latin1(start))}`;
    throw refusal(path, 0, `not an .ops file: ${what}`, 'write one with `slablab run … --save-ops FILE`');
  }
  if (found < HEADER_BYTES) throw refusal(path, found, 'truncated in the header', REMEDY_TRUNCATED);
  const view = viewOf(header);
  const version = view.getUint32(8, true);
  if (version > VERSION) {
    const remedy = `this slablab reads versions up to ${VERSION}: update it, or record the file again`;
    throw refusal(path, 8, `.ops version ${version}`, remedy);
  }
  const length = view.getUint32(12, true);
  if (version === 0 || length > MAX_METADATA_BYTES) {
    throw refusal(path, 8, `version ${version} with ${length} bytes of metadata`, REMEDY_DAMAGED);
  }
  const json = new Uint8Array(length);
  const foundJson = await fill(file, json, HEADER_BYTES);
  if (foundJson < length) {
    throw refusal(path, HEADER_BYTES + foundJson, 'truncated in the metadata', REMEDY_TRUNCATED);
  }
  if (headerCheck(header, json) !== view.getUint32(16, true)) {
    throw refusal(path, 16, 'the checksum of the header does not match it', REMEDY_DAMAGED);
  }
  return [parseMetadata(path, json), HEADER_BYTES + length];
}

// The checksum matches, so invalid metadata was written that way by another program.
function parseMetadata(path: string, json: Uint8Array): OpsMetadata {
  const refuse = (found: string) =>
    refusal(path, HEADER_BYTES, `metadata: ${found}`, 'correct the program that wrote it');
  let value: unknown;
  try {
    value = parsedJson(new TextDecoder().decode(json));
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (typeof value !== 'object' || value === null) throw refuse('not a JSON object');
  const { workload, server, parameters, phases } = value as Record<string, unknown>;
  if (typeof workload !== 'string') throw refuse('`workload` is not a string');
  if (typeof server !== 'string') throw refuse('`server` is not a string');
  if (!Array.isArray(phases) || !phases.every((name) => typeof name === 'string')) {
    throw refuse('`phases` is not a list of names');
  }
  if (!isParameters(parameters)) throw refuse('`parameters` is not an object of numbers and strings');
  return { workload, server, parameters, phases };
}

function isParameters(value: unknown): value is OpsMetadata['parameters'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((entry) => typeof entry === 'number' || typeof entry === 'string');
}

/** Reads until the buffer is full or the file ends. Returns the number of bytes read. */
async function fill(file: OpsBytes, buffer: Uint8Array<ArrayBuffer>, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const count = await file.read(buffer.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Whether a file is an .ops file by its name or by its first bytes. */
export async function isOpsFile(path: string, file: OpsBytes): Promise<boolean> {
  if (path.endsWith('.ops')) return true;
  const start = new Uint8Array(MAGIC.length);
  return (await fill(file, start, 0)) === start.length && startsWithMagic(start);
}
