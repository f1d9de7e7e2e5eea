import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isStream, lockOutput, removeParts, writePieces, writeWhole } from '../output/node.js';
import { RUN_SCHEMA, type RunResult } from '../run/index.js';
import { makeDirectory } from './make-directory.js';
import { printMessage } from './output.js';
import { aboutOption, withInputError } from './system-errors.js';

/** The files that `--out` writes. Their directory is made before the run, so that a bad one is refused at once. */
export class ResultFile {
  private constructor(
    readonly directory: string,
    /** Excludes the directory and the extension. */
    readonly name: string,
  ) {}

  /** Keeps other processes from the files of this name in a directory while `use` writes them. */
  static async use<T>(directory: string, name: string, use: (file: ResultFile) => Promise<T>): Promise<T> {
    await ResultFile.makeDirectory(directory);
    // The name of a saved stream's workload is read from the file, and may contain any character.
    // Letters of every alphabet stay, so that two files do not share a name.
    const file = new ResultFile(directory, name.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '_'));
    return withLock('--out', file.pathOf(''), async () => {
      await file.#removeParts();
      return use(file);
    });
  }

  /** Makes the directory of `--out`, which must be writable. */
  static makeDirectory(directory: string): Promise<void> {
    return withInputError(`--out ${directory}`, 'name a writable directory', async () => {
      await makeDirectory(directory);
      await access(directory, constants.W_OK);
    });
  }

  async #removeParts(): Promise<void> {
    for (const extension of EXTENSIONS) await removeParts(this.pathOf(extension));
  }

  /**
   * Returns a message on an earlier result that this one replaces. Undefined if there is none, or if it has the same
   * setup.
   */
  async messageOnReplaced(result: RunResult): Promise<string | undefined> {
    const path = this.pathOf('.json');
    const earlier = await earlierRun(path);
    if (earlier === undefined) return undefined;
    const changes = SETUP.filter((name) => textOf(earlier[name]) !== textOf(result[name]));
    if (changes.length === 0) return undefined;
    const was = changes.map((name) => `${name} ${textOf(earlier[name]) || '(none)'}`).join(', ');
    return `${path} had the result of another setup (${was}), which was replaced; name another --out to keep both`;
  }

  /** Returns the path of the file with this extension. */
  pathOf(extension: string): string {
    return join(this.directory, this.name + extension);
  }

  /** Writes the result, and returns its path. */
  write(result: object): Promise<string> {
    return this.writeText('.json', `${JSON.stringify(result, null, 2)}\n`);
  }

  /** Writes the result as the pieces of its JSON text, and returns its path. */
  async writePieces(pieces: Iterable<string>): Promise<string> {
    const path = this.pathOf('.json');
    await writePieces(path, pieces);
    return path;
  }

  /** Writes a text that belongs to the result, and returns its path. */
  async writeText(extension: string, text: string): Promise<string> {
    const path = this.pathOf(extension);
    await writeWhole(path, text);
    return path;
  }
}

/** The parts of a setup that are not in the name of a result. */
const SETUP = ['workload', 'server', 'conf', 'hooks', 'parameters', 'settings'] as const;

/** Returns the result of a run in a file; undefined if there is none, or if the file is something else. */
async function earlierRun(path: string): Promise<Partial<RunResult> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Object(value).schema === RUN_SCHEMA ? (value as RunResult) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.entries(Object(value))
    .map(([name, one]) => `${name}=${one as string}`)
    .join(' ');
}

/** The extensions of all files that a command writes under one name. */
const EXTENSIONS = ['.json', '.jsonl', '.slabs', '.md'] as const;

/** Calls `use` while no other process writes `path`, which `option` names. */
export async function withLock<T>(option: string, path: string, use: () => Promise<T>): Promise<T> {
  // A device and a pipe pass everything on, so that nothing is overwritten.
  if (await isStream(path)) return use();
  const lock = await aboutOption(option, () =>
    lockOutput(path, `wait until that has ended, or name another ${option}`),
  );
  if (!lock.isHeld) {
    printMessage(`${path}: its file system has no sockets, so another process that writes it is not noticed`);
  }
  try {
    return await use();
  } finally {
    await lock.release();
  }
}
