/** The recordings of the cells of a sweep, in a directory beside its result. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { aboutOutput } from '../output/node.js';
import { EXTENSION } from '../recording/index.js';
import { CELLS_EXTENSION } from '../sweep/index.js';
import { makeDirectory } from './make-directory.js';
import type { ResultFile } from './result-file.js';

/** Makes the directory, without those of another sweep unless `resume` continues one. Returns its path. */
export async function directoryOfRecordings(file: ResultFile, resume: boolean): Promise<string> {
  const directory = file.pathOf(CELLS_EXTENSION);
  if (!resume) await removeRecordings(file);
  await aboutOutput(directory, () => makeDirectory(directory));
  return directory;
}

export function removeRecordings(file: ResultFile): Promise<void> {
  const directory = file.pathOf(CELLS_EXTENSION);
  return aboutOutput(directory, () => rm(directory, { recursive: true, force: true }));
}

export function recordingPath(directory: string, cell: number): string {
  return join(directory, `${cell}${EXTENSION}`);
}
