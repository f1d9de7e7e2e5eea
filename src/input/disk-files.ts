import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ByteSource, InputError } from '../base/index.js';
import { isGzip, STDIN } from '../stream/node.js';
import { withReadError } from './file-errors.js';
import type { Files } from './files.js';
import { GzipSource } from './gzip-source.js';
import type { Input, InputKind } from './input.js';
import { openIn } from './open-input.js';
import { StandardInput } from './standard-input.js';

/**
 * Opens the input at a path on the disk, or standard input for `-`. `kind` overrides the detected kind. The content is
 * read from `at`, if that is not the path that names it.
 */
export function openInput(path: string, kind?: InputKind, at = path): Input {
  if (path === STDIN) return openIn(new StandardInput(), StandardInput.shownName, kind);
  const locate = (name: string) => (name.startsWith(path) ? at + name.slice(path.length) : name);
  return openIn(diskFiles(locate), path, kind);
}

/** Returns access to files whose content is where `locate` says. */
function diskFiles(locate: (path: string) => string): Files {
  return {
    stat: (path) => {
      const stats = withReadError(path, () => statSync(locate(path), { throwIfNoEntry: false }));
      if (stats === undefined) return undefined;
      if (stats.isFile()) return { kind: 'file', sizeBytes: stats.size };
      return { kind: stats.isDirectory() ? 'directory' : 'other' };
    },
    entries: (directory) =>
      withReadError(directory, () => readdirSync(locate(directory), { withFileTypes: true }))
        .filter((entry) => entry.isFile() || entry.isDirectory())
        .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() })),
    open: (path) => {
      const source = new FileSource(path, locate(path));
      return source.isGzip() ? new GzipSource(path, source) : source;
    },
    within: join,
    sibling: (path, name) => join(dirname(path), name),
  };
}

/** Whether a file is packed with gzip. */
export function isGzipFile(path: string): boolean {
  const source = new FileSource(path);
  try {
    return source.isGzip();
  } finally {
    source.close();
  }
}

class FileSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #file: number;
  #at = 0;
  #closed = false;

  constructor(path: string, at = path) {
    this.#path = path;
    this.#file = withReadError(path, () => openSync(at, 'r'));
    this.sizeBytes = fstatSync(this.#file).size;
  }

  /** Whether the file begins as gzip does. */
  isGzip(): boolean {
    const begin = new Uint8Array(2);
    withReadError(this.#path, () => readSync(this.#file, begin, 0, begin.length, 0));
    return isGzip(begin);
  }

  read(target: Uint8Array): number {
    const count = withReadError(this.#path, () => readSync(this.#file, target, 0, target.length, this.#at));
    this.#at += count;
    if (count === 0 && this.#at < this.sizeBytes) {
      throw new InputError(
        `${this.#path}: byte ${this.#at}: the file was cut while it was read; it had ${this.sizeBytes} bytes: ` +
          'read a copy that nothing changes',
      );
    }
    return count;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }
}
