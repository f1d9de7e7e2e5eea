/** The atlas of a sweep's directory, which `slablab map` draws and `slablab web` opens. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, parsedJson } from '../base/index.js';
import { readTextFile } from '../input/node.js';
import { type CellMap, cellMapOf } from '../map/index.js';
import { EXTENSION, type Recording } from '../recording/index.js';
import { readRecordingFile } from '../recording/node.js';
import { type Atlas, atlasOf } from '../report/index.js';
import { CELLS_EXTENSION, SWEEP_SCHEMA, type SweepResult } from '../sweep/index.js';
import { withInputError } from './system-errors.js';

/** The result of a sweep, and the recordings beside it. */
export interface SweepFiles {
  readonly resultPath: string;
  /** Path of each cell's recording, by number. */
  readonly recordings: ReadonlyMap<number, string>;
}

const RESULT = '.sweep.json';

/** Returns the files of a sweep that a path names: its directory, or its result. Undefined: something else. */
export async function findSweep(path: string): Promise<SweepFiles | undefined> {
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isDirectory) return filesOf(await resultIn(path));
  return path.replace(/\.gz$/i, '').endsWith(RESULT) ? filesOf(path) : undefined;
}

async function resultIn(directory: string): Promise<string> {
  const results = (await readdir(directory)).filter((name) => name.endsWith(RESULT)).sort();
  const [first, second] = results;
  if (first === undefined) {
    throw new InputError(
      `${directory}: has no result of a sweep (*${RESULT}); \`slablab sweep … --out ${directory}\` writes one, ` +
        'when all of its cells have run',
    );
  }
  if (second === undefined) return join(directory, first);
  throw new InputError(`${directory}: has several sweeps; name one: ${results.join(', ')}`);
}

async function filesOf(resultPath: string): Promise<SweepFiles> {
  const directory = resultPath.replace(/\.gz$/i, '').replace(/\.[^./\\]*$/, '') + CELLS_EXTENSION;
  const names = await readdir(directory).catch(() => []);
  const recordings = names.flatMap((name): [number, string][] =>
    /^\d+\.slabs$/.test(name) && name.endsWith(EXTENSION)
      ? [[Number.parseInt(name, 10), join(directory, name)]]
      : [],
  );
  return { resultPath, recordings: new Map(recordings.sort(([a], [b]) => a - b)) };
}

/** Reads a sweep's result. Throws an InputError unless it is one of this version. */
export async function readSweepResult(path: string): Promise<SweepResult> {
  const text = await withInputError(path, 'name the result of a sweep', () => readTextFile(path));
  const result = Object(parsed(path, text)) as Partial<SweepResult>;
  if (result.schema === SWEEP_SCHEMA && Array.isArray(result.cells)) return result as SweepResult;
  throw new InputError(
    `${path}: is no result of a sweep of this version (${SWEEP_SCHEMA}); run \`slablab sweep … --out DIR\` again`,
  );
}

function parsed(path: string, text: string): unknown {
  try {
    return parsedJson(text);
  } catch (error) {
    throw new InputError(
      `${path}: ${(error as Error).message}; name the result that \`slablab sweep … --out DIR\` wrote`,
    );
  }
}

/** Reads the atlas of a sweep. Recordings are read one after another, and only their maps are kept. */
export async function readAtlas({ resultPath, recordings }: SweepFiles): Promise<Atlas> {
  const result = await readSweepResult(resultPath);
  if (recordings.size === 0) {
    throw new InputError(
      `${resultPath}: no recordings are beside it; run the sweep again with --out, and without --no-recordings`,
    );
  }
  const maps = new Map<number, CellMap>();
  for (const [cell, path] of recordings) {
    const { recording } = await readRecordingFile(path);
    if (recording.frames.length > 0) maps.set(cell, endOf(recording));
  }
  return atlasOf(result, maps);
}

function endOf({ frames, info }: Recording): CellMap {
  return cellMapOf(
    frames.map(({ snapshot }) => snapshot),
    info,
  );
}
