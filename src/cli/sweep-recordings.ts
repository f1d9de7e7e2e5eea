/** The recordings of the cells of a sweep, in a directory beside its result. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { aboutOutput } from '../output/node.js';
import { EXTENSION } from '../recording/index.js';
import { CELLS_EXTENSION } from '../sweep/index.js';
import { makeDirectory } from './make-directory.js';
import type { ResultFile } from './result-file.js';
import type { SweepCommandOptions } from './sweep-options.js';

const IS_RECORDING = /^\d+\.slabs$/;

/** Makes the directory, without those of another sweep unless `resume` continues one. Returns its path. */
export async function directoryOfRecordings(file: ResultFile, resume: boolean): Promise<string> {
  const directory = file.pathOf(CELLS_EXTENSION);
  if (!resume) await removeRecordings(file);
  await aboutOutput(directory, async () => {
    await makeDirectory(directory);
    // A process that was killed may have left a recording that is not whole.
    for (const name of await readdir(directory)) {
      if (!IS_RECORDING.test(name)) await rm(join(directory, name), { recursive: true });
    }
  });
  return directory;
}

function removeRecordings(file: ResultFile): Promise<void> {
  const directory = file.pathOf(CELLS_EXTENSION);
  return aboutOutput(directory, () => rm(directory, { recursive: true, force: true }));
}

export function recordingPath(directory: string, cell: number): string {
  return join(directory, `${cell}${EXTENSION}`);
}

/** Returns where the recordings of cells are written; undefined without recordings. */
export async function recordingsOf(
  file: ResultFile,
  { recordings, resume = false }: SweepCommandOptions,
): Promise<((cell: number) => string) | undefined> {
  if (!recordings) {
    // Those of another sweep of this name would be taken for this one's.
    if (!resume) await removeRecordings(file);
    return undefined;
  }
  const directory = await directoryOfRecordings(file, resume);
  return (cell) => recordingPath(directory, cell);
}
