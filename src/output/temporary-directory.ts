import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aboutOutput } from './output-error.js';

/** A directory for files that end with the command, under the system's directory for such. */
export class TemporaryDirectory {
  private constructor(readonly path: string) {}

  /** `prefix` begins its name, so that a user recognizes what a killed process left. */
  static make(prefix: string): Promise<TemporaryDirectory> {
    const directory = tmpdir();
    return aboutOutput(`TMPDIR ${directory}`, async () => {
      return new TemporaryDirectory(await mkdtemp(join(directory, prefix)));
    });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
