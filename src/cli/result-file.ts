import { access, constants, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withInputError } from './blaming.js';
import { makeDirectory } from './make-directory.js';

/** Where `--out` puts a result. The directory is made before the run, so that a bad one costs no waiting. */
export class ResultFile {
  private constructor(
    readonly directory: string,
    /** Without a directory, and without an extension. */
    readonly name: string,
  ) {}

  static async prepare(directory: string, name: string): Promise<ResultFile> {
    await withInputError(`--out ${directory}`, 'name a directory that can be written', async () => {
      await makeDirectory(directory);
      await access(directory, constants.W_OK);
    });
    // The name of a saved stream's workload comes from the file, and could be anything.
    return new ResultFile(directory, name.replaceAll(/[^\w.-]+/g, '_'));
  }

  /** Something that goes with the result. */
  beside(extension: string): string {
    return join(this.directory, this.name + extension);
  }

  /** The path written to. Whoever looks there finds a whole result, or the one before. */
  write(result: object): Promise<string> {
    return this.writeText('.json', `${JSON.stringify(result, null, 2)}\n`);
  }

  /** The same for what goes with it. */
  async writeText(extension: string, text: string): Promise<string> {
    const path = this.beside(extension);
    await writeWhole(path, text);
    return path;
  }
}

/** Never half of a file. */
export async function writeWhole(path: string, text: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
