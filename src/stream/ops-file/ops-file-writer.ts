import { crc32 } from '../../base/index.js';
import { OutputFile } from '../../output/node.js';
import type { OpChunk } from '../operation.js';
import {
  CHUNK_TAG,
  END_TAG,
  encodeHead,
  encodeHeader,
  littleEndianBytes,
  MAX_CHUNK_OPERATIONS,
  type OpsMetadata,
} from './ops-format.js';

/**
 * Writes an `.ops` file chunk by chunk. `finish` writes the end record and gives the file its place. Readers take a file
 * without an end record for truncated, so a run that dies half-way never leaves one that looks complete.
 */
export class OpsFileWriter {
  readonly #file: OutputFile;
  #chunks = 0;
  #operations = 0;

  private constructor(file: OutputFile) {
    this.#file = file;
  }

  static async create(path: string, metadata: OpsMetadata): Promise<OpsFileWriter> {
    const writer = new OpsFileWriter(await OutputFile.createOrOpen(path));
    const json = new TextEncoder().encode(JSON.stringify(metadata));
    try {
      await writer.#writeAll([encodeHeader(json), json]);
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
    const columns = [chunk.what, chunk.handle, chunk.size].map((column) =>
      littleEndianBytes(column.subarray(0, chunk.length)),
    );
    const bodyCheck = columns.reduce((check, bytes) => crc32(bytes, check), 0);
    const head = { tag: CHUNK_TAG, count: chunk.length, position: this.#operations, bodyCheck };
    await this.#writeAll([encodeHead(head), ...columns]);
    this.#chunks++;
    this.#operations += chunk.length;
  }

  async finish(): Promise<void> {
    const end = { tag: END_TAG, count: this.#chunks, position: this.#operations, bodyCheck: 0 };
    await this.#writeAll([encodeHead(end)]);
    await this.#file.finish();
  }

  /** Closes the file and removes it, since a part of a stream is of no use. */
  async abandon(): Promise<void> {
    await this.#file.abandon();
  }

  async #writeAll(buffers: readonly Uint8Array[]): Promise<void> {
    for (const buffer of buffers) await this.#file.write(buffer);
  }
}
