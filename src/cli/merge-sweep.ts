import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { aboutOutput } from '../output/node.js';
import { subjectName } from '../run/node.js';
import {
  buildsOf,
  CellShelf,
  concludeGrid,
  gridOfOutline,
  JournalWriter,
  type MergedParts,
  mergeParts,
  type SweepResult,
  startClock,
  sweepJson,
} from '../sweep/node.js';
import type { CommandResult } from './command-result.js';
import { Outputs } from './outputs.js';
import { ResultFile } from './result-file.js';
import { sweepCommandResult } from './sweep-command-result.js';
import { refuseUnfinished } from './sweep-journal.js';
import type { SweepCommandOptions } from './sweep-options.js';
import { directoryOfRecordings, recordingPath } from './sweep-recordings.js';

/** Merges the parts of a sweep, and returns the result that one run of all its cells has. */
export async function mergeSweep(
  directories: readonly string[],
  options: SweepCommandOptions,
): Promise<CommandResult> {
  const clock = startClock();
  if (options.out !== undefined) await ResultFile.makeDirectory(options.out);
  // The result is printed from the shelf, which ends with the process.
  const shelf = CellShelf.in(options.out ?? tmpdir());
  const parts = await mergeParts(directories, shelf);
  const grid = gridOfOutline(parts.shard.outline);
  const result = concludeGrid(grid, parts.cells, await buildsOf(grid.cells), {
    bestBy: parts.shard.bestBy,
    tolerance: parts.shard.tolerance,
    ...clock(),
    jobs: parts.shard.of,
    resumedCells: parts.cells.length,
  });
  const finish = (file: ResultFile | undefined) => mergedInto(file, parts, { result, shelf }, options);
  if (options.out === undefined) return finish(undefined);
  return ResultFile.use(options.out, `${subjectName(grid.subject)}.sweep`, finish);
}

async function mergedInto(
  file: ResultFile | undefined,
  { header, kept, recordings, messages }: MergedParts,
  { result, shelf }: { readonly result: SweepResult; readonly shelf: CellShelf },
  options: SweepCommandOptions,
): Promise<CommandResult> {
  const outputs = new Outputs();
  outputs.messages.push(...messages);
  if (file !== undefined) {
    const path = file.pathOf('.jsonl');
    await refuseUnfinished(path);
    await outputs.write('journal', async () => {
      const gap = await (await JournalWriter.create(path, header, shelf.wholes(kept))).close();
      if (gap !== undefined) throw gap;
      return path;
    });
    await outputs.write('result', () => file.writePieces(sweepJson(result, shelf)));
    if (options.recordings && recordings.size > 0) {
      await outputs.write('recordings', () => copyRecordings(recordings, file));
    }
  }
  const wanted = result.cells.length;
  return sweepCommandResult(result, outputs, options, {
    signal: undefined,
    journal: undefined,
    wanted,
    shelf,
  });
}

async function copyRecordings(recordings: ReadonlyMap<number, string>, file: ResultFile): Promise<string> {
  const directory = await directoryOfRecordings(file, false);
  for (const [cell, from] of recordings) {
    const path = recordingPath(directory, cell);
    await aboutOutput(path, () => copyFile(from, path));
  }
  return directory;
}
