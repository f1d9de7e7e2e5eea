import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from '../../base/index.js';
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
 * Writes an `.ops` file chunk by chunk. Readers take the file for truncated until `finish` has written the end record.
 * A run that dies half-way therefore never leaves a file that looks complete.
 */
export class OpsFileWriter {
  readonly #file: FileHandle;
  #chunks = 0;
  #operations = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string, metadata: OpsMetadata): Promise<OpsFileWriter> {
    const file = await open(path, 'w');
    const json = new TextEncoder().encode(JSON.stringify(metadata));
    await writeAll(file, [encodeHeader(json), json]);
    return new OpsFileWriter(file);
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
    await writeAll(this.#file, [encodeHead(head), ...columns]);
    this.#chunks++;
    this.#operations += chunk.length;
  }

  async finish(): Promise<void> {
    const end = { tag: END_TAG, count: this.#chunks, position: this.#operations, bodyCheck: 0 };
    await writeAll(this.#file, [encodeHead(end)]);
    await this.#file.close();
  }

  /** Closes the file without an end record, as a truncated stream. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }
}

// FileHandle.writev may write only a part; writeFile on an open handle continues until all is written.
async function writeAll(file: FileHandle, buffers: readonly Uint8Array[]): Promise<void> {
  for (const buffer of buffers) await file.writeFile(buffer);
}
