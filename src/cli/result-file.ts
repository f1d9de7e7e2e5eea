import { access, constants, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from './make-directory.js';
import { withInputError } from './system-errors.js';

/** The files that `--out` writes. Their directory is made before the run, so that a bad one is refused at once. */
export class ResultFile {
  private constructor(
    readonly directory: string,
    /** Excludes the directory and the extension. */
    readonly name: string,
  ) {}

  static async prepare(directory: string, name: string): Promise<ResultFile> {
    await withInputError(`--out ${directory}`, 'name a writable directory', async () => {
      await makeDirectory(directory);
      await access(directory, constants.W_OK);
    });
    // The name of a saved stream's workload is read from the file, and may contain any character.
    return new ResultFile(directory, name.replaceAll(/[^\w.-]+/g, '_'));
  }

  /** Returns the path of the file with this extension. */
  pathOf(extension: string): string {
    return join(this.directory, this.name + extension);
  }

  /** Writes the result, and returns its path. */
  write(result: object): Promise<string> {
    return this.writeText('.json', `${JSON.stringify(result, null, 2)}\n`);
  }

  /** Writes a text that belongs to the result, and returns its path. */
  async writeText(extension: string, text: string): Promise<string> {
    const path = this.pathOf(extension);
    await writeAtomically(path, text);
    return path;
  }
}

/** Writes a file under another name and renames it, so that readers see the old or the new content. */
export async function writeAtomically(path: string, text: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
