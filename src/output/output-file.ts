import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { aboutOutput } from './output-error.js';
import { partOf } from './part-names.js';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** The directories of a process's own open files, whose links lead to what the user has opened. */
const DESCRIPTORS = /^\/(dev|dev\/fd|proc\/(self|\d+)\/fd)$/;

/**
 * A file that appears whole. It is written beside its place, under a random name. A rename gives it its place, and
 * replaces a link there instead of following it.
 */
export class OutputFile {
  readonly #file: FileHandle;
  /** The path until the file has its place; undefined afterwards, and for a device or a pipe. */
  #part: string | undefined;
  readonly #isStream: boolean;
  #end = 0;

  private constructor(
    readonly path: string,
    file: FileHandle,
    part: string | undefined,
  ) {
    this.#file = file;
    this.#part = part;
    this.#isStream = part === undefined;
  }

  static create(path: string): Promise<OutputFile> {
    return aboutOutput(path, async () => {
      const part = partOf(path);
      return new OutputFile(path, await open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666), part);
    });
  }

  /** Opens a path that a user named. A device or a pipe is written to directly; any other path is that of a new file. */
  static async createOrOpen(path: string): Promise<OutputFile> {
    if (!(await isStream(path))) return OutputFile.create(path);
    return aboutOutput(path, async () => new OutputFile(path, await open(path, O_WRONLY), undefined));
  }

  /** The path at which the content is found now. */
  get currentPath(): string {
    return this.#part ?? this.path;
  }

  /** Appends all of `bytes`. After an error the end is where it was, and the same bytes can be written again. */
  write(bytes: Uint8Array): Promise<void> {
    return aboutOutput(this.path, async () => {
      for (let written = 0; written < bytes.length; ) {
        const position = this.#isStream ? null : this.#end + written;
        written += (await this.#file.write(bytes, written, undefined, position)).bytesWritten;
      }
      this.#end += bytes.length;
    });
  }

  /** Waits until the disk has all that was written. */
  sync(): Promise<void> {
    return aboutOutput(this.path, () => this.#file.datasync());
  }

  /** Gives the file its place. It stays open, to be continued. */
  async publish(): Promise<void> {
    await aboutOutput(this.path, async () => {
      if (this.#part !== undefined) await rename(this.#part, this.path);
      this.#part = undefined;
    });
  }

  /** Closes the file and gives it its place. After an error, nothing of it stays. */
  async finish(): Promise<void> {
    try {
      // Some file systems report a full disk only here.
      await this.close();
      await this.publish();
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  /** Closes the file where it is. */
  close(): Promise<void> {
    return aboutOutput(this.path, () => this.#file.close());
  }

  /** Closes the file, and removes it unless it has its place. */
  async abandon(): Promise<void> {
    // The error that led here is the one to report.
    await this.#file.close().catch(() => {});
    if (this.#part !== undefined) await rm(this.#part, { force: true }).catch(() => {});
  }
}

/** Writes a file at once, so that readers see the old or the new content. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writePieces(path, [content]);
}

/** Writes the pieces of a content one after the other, so that memory has one of them at a time. */
export async function writePieces(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const file = await OutputFile.createOrOpen(path);
  try {
    for (const piece of pieces) await file.write(typeof piece === 'string' ? Buffer.from(piece) : piece);
  } catch (error) {
    await file.abandon();
    throw error;
  }
  await file.finish();
}

/** Syncs the directory of a file, without which the name of a new file is not durable. */
export function syncDirectoryOf(path: string): Promise<void> {
  return aboutOutput(path, async () => {
    const directory = await open(dirname(path), 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  });
}

/** Whether a path is a device or a pipe. Only links to a process's own open files are followed. */
export async function isStream(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink() === true) return DESCRIPTORS.test(dirname(resolve(path)));
  return found?.isCharacterDevice() === true || found?.isFIFO() === true;
}
