/** Puts the parts of a sweep together, from the journals that they wrote on any machines. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, parsedJson, shortened } from '../base/index.js';
import { readOwnFile } from '../output/node.js';
import { EXTENSION } from '../recording/index.js';
import type { CellShelf } from './cell-shelf.js';
import { LostWorkerError } from './pool/cell-worker.js';
import { type JournalContents, type JournalHeader, readJournal, type ShardHeader } from './sweep-journal.js';
import { CELLS_EXTENSION, type SweepCell, type SweepResult } from './sweep-result.js';
import { textWithoutTiming } from './without-timing.js';

export interface MergedParts {
  /** The header of the journal that one run of all cells would have. */
  readonly header: JournalHeader;
  readonly shard: ShardHeader;
  /** All cells, in the order of the grid. Their runs are on the shelf. */
  readonly cells: readonly SweepCell[];
  /** The cells that belong in a journal, which lost ones do not. */
  readonly kept: readonly SweepCell[];
  /** The paths of the cells' recordings, by the numbers of the cells that have one. */
  readonly recordings: ReadonlyMap<number, string>;
  readonly messages: readonly string[];
}

interface Part extends JournalContents {
  readonly path: string;
  readonly shard: ShardHeader;
  /** The digest of each cell without its timing. */
  readonly digests: ReadonlyMap<number, string>;
}

const PART_NAME = /\.sweep\.shard-\d+-of-\d+\.jsonl$/;

/**
 * Merges the parts in these directories, with the runs of their cells on a shelf. Throws an InputError that names what is
 * missing or contradictory.
 */
export async function mergeParts(directories: readonly string[], shelf: CellShelf): Promise<MergedParts> {
  const parts: Part[] = [];
  // A journal at a time is in memory.
  for (const directory of directories) parts.push(...(await partsIn(directory, shelf)));
  const [first, ...others] = parts;
  if (first === undefined) {
    throw new InputError(
      `--merge ${directories.join(' ')}: no part of a sweep is there; name the --out directories of \`slablab sweep --shard\``,
    );
  }
  for (const other of others) checkSameSweep(first, other);
  checkAllParts(first, parts);
  const cells = new Map<number, KnownCell>();
  const lost = new Set<number>();
  for (const part of parts) {
    for (const cell of part.cells.values()) {
      addCell(cells, { cell, path: part.path, digest: part.digests.get(cell.cell)! });
    }
    for (const cell of await lostCellsOf(part)) {
      addCell(cells, { cell, path: part.path, digest: digestOf(cell) });
      lost.add(cell.cell);
    }
  }
  const missing = parts.flatMap(({ shard, path }) => {
    const numbers = shard.own.filter((number) => !cells.has(number));
    if (numbers.length === 0) return [];
    return `${path} lacks ${shortened(numbers.join(', '))}`;
  });
  if (missing.length > 0) {
    throw new InputError(
      `${missing.join('; ')}: these cells were not run; repeat those parts with --resume, and merge again`,
    );
  }
  const recordings = new Map<number, string>();
  for (const part of parts) for (const [cell, path] of await recordingsOf(part)) recordings.set(cell, path);
  const all = [...cells.values()].map(({ cell }) => cell).sort((a, b) => a.cell - b.cell);
  const { shard, ...header } = first.header;
  return {
    header,
    shard: first.shard,
    cells: all,
    kept: all.filter(({ cell }) => !lost.has(cell)),
    recordings,
    messages: parts.flatMap(({ path, damagedLines }) =>
      damagedLines.length === 0
        ? []
        : `${path}: damaged lines ${shortened(damagedLines.join(', '))} are left out`,
    ),
  };
}

async function partsIn(directory: string, shelf: CellShelf): Promise<Part[]> {
  const names = await readdir(directory).catch((error: Error) => {
    throw new InputError(`--merge ${directory}: ${error.message}; name the --out directory of a part`);
  });
  const parts: Part[] = [];
  for (const name of names.filter((each) => PART_NAME.test(each)).sort()) {
    const path = join(directory, name);
    const digests = new Map<number, string>();
    const contents = await readJournal(path, (cell) => {
      digests.set(cell.cell, digestOf(cell));
      return shelf.put(cell);
    });
    const shard = contents?.header.shard;
    if (contents === undefined || shard === undefined) {
      throw new InputError(`${path}: not the journal of a part of a sweep; run that part again`);
    }
    parts.push({ ...contents, path, shard, digests });
  }
  return parts;
}

function digestOf(cell: SweepCell): string {
  return createHash('sha256').update(textWithoutTiming(cell)).digest('base64');
}

interface KnownCell {
  readonly cell: SweepCell;
  readonly path: string;
  readonly digest: string;
}

function checkSameSweep(first: Part, other: Part): void {
  const isSame = first.header.digest === other.header.digest;
  const isRanked =
    first.shard.bestBy === other.shard.bestBy && first.shard.tolerance === other.shard.tolerance;
  if (isSame && first.shard.of === other.shard.of && isRanked) return;
  const what = isSame ? 'divided or ranked differently' : 'with another input, other axes, options or builds';
  throw new InputError(
    `${first.path} and ${other.path}: parts of two sweeps, ${what}; merge the parts of one command line`,
  );
}

function checkAllParts({ shard: { of } }: Part, parts: readonly Part[]): void {
  const there = new Set(parts.map(({ shard }) => shard.number));
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((number) => !there.has(number));
  if (missing.length === 0) return;
  const names = shortened(missing.map((number) => `${number}/${of}`).join(', '));
  throw new InputError(
    `--merge: the parts ${names} are missing; name the directories that have their journals`,
  );
}

/** Adds a cell. One that two journals have must be the same in both, since results are deterministic. */
function addCell(cells: Map<number, KnownCell>, added: KnownCell): void {
  const { cell, path, digest } = added;
  const known = cells.get(cell.cell);
  if (known === undefined) cells.set(cell.cell, added);
  else if (known.digest !== digest) {
    throw new InputError(
      `${known.path} and ${path}: cell ${cell.cell} has two results; run both parts again on one version`,
    );
  }
}

/** Returns the cells that the result beside a journal has, and the journal does not: those that lost their worker. */
async function lostCellsOf({ path, cells, shard }: Part): Promise<SweepCell[]> {
  if (shard.own.every((number) => cells.has(number))) return [];
  const bytes = await readOwnFile(path.replace(/\.jsonl$/, '.json'));
  if (bytes === undefined) return [];
  const result = parsedJson(bytes.toString('utf8')) as Partial<SweepResult>;
  const own = new Set(shard.own);
  return (result.cells ?? []).filter(
    ({ cell, error }) => own.has(cell) && !cells.has(cell) && LostWorkerError.isNamed(error?.name),
  );
}

async function recordingsOf({ path, shard }: Part): Promise<[cell: number, path: string][]> {
  const directory = path.replace(/\.jsonl$/, CELLS_EXTENSION);
  const names = new Set(await readdir(directory).catch(() => []));
  return shard.own
    .filter((cell) => names.has(`${cell}${EXTENSION}`))
    .map((cell) => [cell, join(directory, `${cell}${EXTENSION}`)]);
}
