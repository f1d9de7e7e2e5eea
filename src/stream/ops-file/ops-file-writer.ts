import { crc32, deflate } from '../../base/index.js';
import { OutputFile } from '../../output/node.js';
import type { OpChunk } from '../operation.js';
import {
  CHUNK_TAG,
  END_TAG,
  encodeHead,
  encodeHeader,
  encodeLengths,
  littleEndianBytes,
  MAX_CHUNK_OPERATIONS,
  MAX_NAMES_BYTES,
  NAMES_TAG,
  PACKED_TAG,
  PLAIN_VERSION,
  VERSION,
} from './ops-format.js';
import type { OpsMetadata } from './ops-metadata.js';
import { namesInParts, type OpsNames } from './owner-names.js';
import { packOperations } from './pack-operations.js';

export interface OpsFileOptions {
  /** Whether chunks are deflated, in 1 to 3 bytes an operation rather than 12. Such a file has version 2. */
  readonly isPacked?: boolean;
}

/**
 * Writes an `.ops` file chunk by chunk. `finish` writes the end record and gives the file its place. Readers take a file
 * without an end record for truncated, so a run that dies half-way never leaves one that looks complete.
 */
export class OpsFileWriter {
  readonly #file: OutputFile;
  readonly #version: number;
  readonly #isPacked: boolean;
  #records = 0;
  #operations = 0;

  private constructor(file: OutputFile, version: number, isPacked: boolean) {
    this.#file = file;
    this.#version = version;
    this.#isPacked = isPacked;
  }

  /** Begins a file. It has version 2 if it is packed or has a recorded program, else version 1. */
  static async create(
    path: string,
    metadata: OpsMetadata,
    { isPacked = false }: OpsFileOptions = {},
  ): Promise<OpsFileWriter> {
    const version = isPacked || metadata.program !== undefined ? VERSION : PLAIN_VERSION;
    const writer = new OpsFileWriter(await OutputFile.createOrOpen(path), version, isPacked);
    const json = new TextEncoder().encode(JSON.stringify(metadata));
    try {
      await writer.#writeAll([encodeHeader(version, json), json]);
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    return writer;
  }

  /** Writes a chunk. Throws a RangeError unless it continues the stream without a gap. */
  async write(chunk: OpChunk): Promise<void> {
    if (chunk.firstPosition !== this.#operations) {
      throw new RangeError(`chunk at position ${chunk.firstPosition}: expected position ${this.#operations}`);
    }
    if (chunk.length > MAX_CHUNK_OPERATIONS) {
      throw new RangeError(
        `chunk of ${chunk.length} operations: at most ${MAX_CHUNK_OPERATIONS} fit a record`,
      );
    }
    await (this.#isPacked ? this.#writePacked(chunk) : this.#writePlain(chunk));
    this.#operations += chunk.length;
  }

  /** Writes names of owner tags. They may come after any chunk, and several times. */
  async writeNames(names: OpsNames): Promise<void> {
    if (this.#version === PLAIN_VERSION) {
      throw new RangeError('a file of version 1 has no names: create it packed, or with a program');
    }
    for (const part of namesInParts(names)) {
      const json = new TextEncoder().encode(JSON.stringify(part));
      if (json.length > MAX_NAMES_BYTES) {
        throw new RangeError(`names of ${json.length} bytes: at most ${MAX_NAMES_BYTES} fit a record`);
      }
      await this.#writeDeflated(NAMES_TAG, 0, json);
    }
  }

  async finish(): Promise<void> {
    const end = { tag: END_TAG, count: this.#records, position: this.#operations, bodyCheck: 0 };
    await this.#writeAll([encodeHead(end)]);
    await this.#file.finish();
  }

  /** Closes the file and removes it, since a part of a stream is of no use. */
  async abandon(): Promise<void> {
    await this.#file.abandon();
  }

  async #writePlain(chunk: OpChunk): Promise<void> {
    const columns = [chunk.what, chunk.handle, chunk.size].map((column) =>
      littleEndianBytes(column.subarray(0, chunk.length)),
    );
    const bodyCheck = columns.reduce((check, bytes) => crc32(bytes, check), 0);
    const head = { tag: CHUNK_TAG, count: chunk.length, position: this.#operations, bodyCheck };
    await this.#writeAll([encodeHead(head), ...columns]);
    this.#records++;
  }

  #writePacked(chunk: OpChunk): Promise<void> {
    return this.#writeDeflated(PACKED_TAG, chunk.length, packOperations(chunk));
  }

  async #writeDeflated(tag: string, count: number, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const stored = await deflate(body);
    const head = { tag, count, position: this.#operations, bodyCheck: crc32(stored) };
    const lengths = { stored: stored.length, inflated: body.length };
    await this.#writeAll([encodeHead(head), encodeLengths(lengths), stored]);
    this.#records++;
  }

  async #writeAll(buffers: readonly Uint8Array[]): Promise<void> {
    for (const buffer of buffers) await this.#file.write(buffer);
  }
}
