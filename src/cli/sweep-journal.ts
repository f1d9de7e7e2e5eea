/** The journal beside a sweep's result: whether a new one may begin, and whether an old one continues. */
import { InputError, shortened } from '../base/index.js';
import { buildDigest } from '../engine/node.js';
import { inputFiles } from '../input/node.js';
import { OutputError } from '../output/node.js';
import { isDocument, subjectName } from '../run/node.js';
import { CELLS_EXTENSION } from '../sweep/index.js';
import {
  type CellShelf,
  type Grid,
  type JournalContents,
  type JournalHeader,
  JournalWriter,
  journalHeader,
  readJournal,
  type ShardHeader,
  type SweepCell,
  type SweepResult,
  sweepJson,
} from '../sweep/node.js';
import type { Outputs } from './outputs.js';
import type { ResultFile } from './result-file.js';
import type { SweepCommandOptions } from './sweep-options.js';
import { version } from './version.js';

export interface OpenJournal {
  /** The cells that an earlier run finished, whose runs are on the shelf. */
  readonly done: ReadonlyMap<number, SweepCell>;
  readonly writer: JournalWriter;
  readonly path: string;
  readonly messages: readonly string[];
}

/** Opens the journal of a sweep. Refuses to overwrite an unfinished one unless `resume` continues it. */
export async function openJournal(
  header: JournalHeader,
  file: ResultFile,
  { resume, shelf }: { readonly resume: boolean; readonly shelf: CellShelf },
): Promise<OpenJournal> {
  const path = file.pathOf('.jsonl');
  const found = await readJournal(path, (cell) => shelf.put(cell));
  if (resume && found !== undefined) return continueJournal(path, header, found, shelf);
  refuseUnfinishedJournal(path, found);
  const writer = await JournalWriter.create(path, header);
  const messages = resume ? [`${path}: there is nothing to resume; the sweep starts at its first cell`] : [];
  return { done: new Map(), writer, path, messages };
}

/** Refuses to replace the journal of an unfinished sweep. */
export async function refuseUnfinished(path: string): Promise<void> {
  refuseUnfinishedJournal(path, await readJournal(path));
}

/** A finished journal has a result file; an unfinished one is the only copy of hours of work. */
function refuseUnfinishedJournal(path: string, found: JournalContents | undefined): void {
  if (found === undefined) return;
  const cells = cellsIn(found.header);
  if (found.cells.size >= cells) return;
  throw new InputError(
    `${path}: the journal of an unfinished sweep, with ${found.cells.size} of ${cells} cells; ` +
      'continue it with --resume, name another --out, or delete it',
  );
}

/** Returns the number of cells that a complete journal has. */
function cellsIn({ cells, shard }: JournalHeader): number {
  return shard?.own.length ?? cells;
}

async function continueJournal(
  path: string,
  header: JournalHeader,
  found: JournalContents,
  shelf: CellShelf,
): Promise<OpenJournal> {
  if (found.header.digest !== header.digest) {
    throw new InputError(
      `--resume: ${path} is the journal of another sweep, with another input, other axes, options or builds; ` +
        'repeat the command line of that sweep, or name another --out',
    );
  }
  const messages = [`${found.cells.size} of ${cellsIn(header)} cells taken over from ${path}`];
  const { damagedLines, isCut } = found;
  if (damagedLines.length > 0) {
    const lines = damagedLines.length === 1 ? 'line' : 'lines';
    const numbers = shortened(damagedLines.join(', '));
    messages.push(`${path}: ${lines} ${numbers} damaged and left out; what they recorded runs again`);
  }
  if (isCut) messages.push(`${path} was cut short: read up to its last complete record`);
  const writer = await JournalWriter.create(path, header, shelf.wholes(found.cells.values()));
  return { done: found.cells, writer, path, messages };
}

/** Returns the header of a sweep's journal, which identifies the sweep on every machine. */
export async function headerOf({ subject, cells }: Grid, shard?: ShardHeader): Promise<JournalHeader> {
  const builds = new Map<string, string>();
  for (const { allocator } of cells) {
    if (builds.has(allocator.build)) continue;
    builds.set(allocator.build, await buildDigest(allocator.build, allocator.runtime));
  }
  const name = subjectName(subject);
  const isFile = subject.kind !== 'workload' || isDocument(name);
  // By content, so that a copy on another machine is the same input.
  const input = isFile ? await inputFiles(name) : null;
  const header = journalHeader({ version: version(), input, builds: [...builds], cells }, cells.length);
  return shard === undefined ? header : { ...header, shard };
}

/** Ends the journal of a sweep. Writes the result beside it if it has the `wanted` number of cells. */
export async function finishJournal(
  result: SweepResult,
  wanted: number,
  {
    file,
    journal,
    shelf,
  }: {
    readonly file: ResultFile | undefined;
    readonly journal: OpenJournal | undefined;
    readonly shelf: CellShelf;
  },
  outputs: Outputs,
  { recordings }: SweepCommandOptions,
): Promise<void> {
  const gap = await journal?.writer.close();
  const isDone = result.cells.length === wanted;
  if (isDone && gap === undefined) await sortJournal(journal, shelf.wholes(result.cells), outputs);
  if (isDone && file !== undefined) {
    await outputs.write('result', () => file.writePieces(sweepJson(result, shelf)));
    if (recordings) outputs.messages.push(`recordings written to ${file.pathOf(CELLS_EXTENSION)}`);
  } else if (gap !== undefined) outputs.errors.push(gap);
}

async function sortJournal(
  journal: OpenJournal | undefined,
  cells: Iterable<SweepCell>,
  { messages }: Outputs,
): Promise<void> {
  try {
    await journal?.writer.sort(cells);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    messages.push(`the journal has all cells, but not in their order: ${error.message}`);
  }
}
