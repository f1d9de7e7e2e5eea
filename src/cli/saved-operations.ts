import type { RunSource } from '../run/index.js';
import type { OpChunk } from '../stream/index.js';
import { OpsFileWriter } from '../stream/node.js';

/** The file of `--save-ops`. An error of writing it does not end the run, whose measurements are worth more. */
export class SavedOperations {
  readonly #path: string;
  readonly #file: OpsFileWriter;
  #failure: { readonly cause: unknown } | undefined;

  private constructor(path: string, file: OpsFileWriter) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string, { metadata }: RunSource): Promise<SavedOperations> {
    return new SavedOperations(path, await OpsFileWriter.create(path, metadata));
  }

  async write(chunk: OpChunk): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await this.#file.write(chunk);
    } catch (cause) {
      this.#failure = { cause };
      await this.#file.abandon();
    }
  }

  /** Gives the file its place, and returns its path. */
  async finish(): Promise<string> {
    if (this.#failure !== undefined) throw this.#failure.cause;
    await this.#file.finish();
    return this.#path;
  }

  async abandon(): Promise<void> {
    if (this.#failure === undefined) await this.#file.abandon();
  }
}
