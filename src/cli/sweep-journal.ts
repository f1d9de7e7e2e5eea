/** The journal beside a sweep's result: whether a new one may begin, and whether an old one continues. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, shortened } from '../base/index.js';
import { buildDigest } from '../engine/node.js';
import { isDocument, subjectName } from '../run/node.js';
import {
  type Grid,
  type JournalContents,
  type JournalHeader,
  JournalWriter,
  journalHeader,
  readJournal,
  type SweepCell,
} from '../sweep/node.js';
import type { ResultFile } from './result-file.js';
import { version } from './version.js';

export interface OpenJournal {
  readonly done: ReadonlyMap<number, SweepCell>;
  readonly writer: JournalWriter;
  readonly path: string;
  readonly messages: readonly string[];
}

/** Opens the journal of a sweep. Refuses to overwrite an unfinished one unless `resume` continues it. */
export async function openJournal(grid: Grid, file: ResultFile, resume: boolean): Promise<OpenJournal> {
  const path = file.pathOf('.jsonl');
  const header = await headerOf(grid);
  const found = await readJournal(path);
  if (resume && found !== undefined) return continueJournal(path, header, found);
  // A finished journal has a result file; an unfinished one is the only copy of hours of work.
  if (found !== undefined && found.cells.size < found.header.cells) {
    throw new InputError(
      `${path}: the journal of an unfinished sweep, with ${found.cells.size} of ${found.header.cells} cells; ` +
        'continue it with --resume, name another --out, or delete it',
    );
  }
  const writer = await JournalWriter.create(path, header);
  const messages = resume ? [`${path}: there is nothing to resume; the sweep starts at its first cell`] : [];
  return { done: new Map(), writer, path, messages };
}

async function continueJournal(
  path: string,
  header: JournalHeader,
  found: JournalContents,
): Promise<OpenJournal> {
  if (found.header.digest !== header.digest) {
    throw new InputError(
      `--resume: ${path} is the journal of another sweep, with another input, other axes, options or builds; ` +
        'repeat the command line of that sweep, or name another --out',
    );
  }
  const messages = [`${found.cells.size} of ${header.cells} cells taken over from ${path}`];
  const { damagedLines, isCut } = found;
  if (damagedLines.length > 0) {
    const lines = damagedLines.length === 1 ? 'line' : 'lines';
    const numbers = shortened(damagedLines.join(', '));
    messages.push(`${path}: ${lines} ${numbers} damaged and left out; what they recorded runs again`);
  }
  if (isCut) messages.push(`${path} was cut short: read up to its last complete record`);
  const writer = await JournalWriter.create(path, header, found.cells.values());
  return { done: found.cells, writer, path, messages };
}

async function headerOf({ subject, cells }: Grid): Promise<JournalHeader> {
  const builds = new Map<string, string>();
  for (const { allocator } of cells) {
    if (builds.has(allocator.build)) continue;
    builds.set(allocator.build, await buildDigest(allocator.build, allocator.runtime));
  }
  const name = subjectName(subject);
  const isFile = subject.kind !== 'workload' || isDocument(name);
  const input = isFile ? await identityOf(name) : null;
  return journalHeader({ version: version(), input, builds: [...builds], cells }, cells.length);
}

/** Returns the size and time of a file, which reveal a changed file. Reading the file would take as long as a run. */
async function identityOf(path: string): Promise<unknown> {
  const found = await stat(path);
  if (!found.isDirectory()) return [path, found.size, found.mtimeMs];
  const names = (await readdir(path)).sort();
  return Promise.all(names.map((name) => identityOf(join(path, name))));
}
