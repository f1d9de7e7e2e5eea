/**
 * Keeps in a file the part of a shared stream that does not fit in memory. Positions count from the start of the file.
 */
import type { OpChunk, OpsMetadata } from '../../stream/index.js';
import { OpsFileWriter, openOpsFile } from '../../stream/node.js';

/** Writes the part of a shared stream that does not fit in memory. Positions in the file count from its beginning. */
export class RestOfStream {
  readonly #writer: OpsFileWriter;
  readonly #start: number;

  private constructor(writer: OpsFileWriter, start: number) {
    this.#writer = writer;
    this.#start = start;
  }

  static async create(path: string, metadata: OpsMetadata, start: number): Promise<RestOfStream> {
    return new RestOfStream(await OpsFileWriter.create(path, metadata), start);
  }

  write(chunk: OpChunk): Promise<void> {
    return this.#writer.write({ ...chunk, firstPosition: chunk.firstPosition - this.#start });
  }

  finish(): Promise<void> {
    return this.#writer.finish();
  }

  abandon(): Promise<void> {
    return this.#writer.abandon();
  }
}

export async function* readRest(path: string, start: number): AsyncGenerator<OpChunk, void> {
  const reader = await openOpsFile(path);
  try {
    for await (const chunk of reader.chunks()) {
      yield { ...chunk, firstPosition: chunk.firstPosition + start };
    }
  } finally {
    await reader.close();
  }
}
