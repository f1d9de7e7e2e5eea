import { access, constants, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from '../sweep/run-result.js';
import type { RunSource } from '../sweep/source.js';
import { blaming } from './blaming.js';
import { makeDirectory } from './make-directory.js';

/** Where `--out` puts a result. The directory is made before the run, so that a bad one costs no waiting. */
export class ResultFile {
  private constructor(private readonly path: string) {}

  static async prepare(directory: string, { metadata }: RunSource, build: string): Promise<ResultFile> {
    await blaming(`--out ${directory}`, 'name a directory that can be written', async () => {
      await makeDirectory(directory);
      await access(directory, constants.W_OK);
    });
    // The name of a saved stream's workload comes from the file, and could be anything.
    const name = `${metadata.workload}-${build}`.replaceAll(/[^\w.-]+/g, '_');
    return new ResultFile(join(directory, `${name}.json`));
  }

  /** The path written to. */
  async write(result: RunResult): Promise<string> {
    await writeFile(this.path, `${JSON.stringify(result, null, 2)}\n`);
    return this.path;
  }
}
