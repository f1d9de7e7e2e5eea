import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ByteSource } from '../base/index.js';
import { withReadError } from './file-errors.js';
import type { Files } from './files.js';
import type { Input, InputKind } from './input.js';
import { openIn } from './open-input.js';

/** Opens the input at a path on the disk. `kind` overrides the detected kind. */
export function openInput(path: string, kind?: InputKind): Input {
  return openIn(DISK, path, kind);
}

const DISK: Files = {
  stat: (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isFile()) return { kind: 'file', sizeBytes: stats.size };
    return { kind: stats.isDirectory() ? 'directory' : 'other' };
  },
  entries: (directory) =>
    withReadError(directory, () => readdirSync(directory, { withFileTypes: true }))
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() })),
  open: (path) => new FileSource(path),
  within: join,
  sibling: (path, name) => join(dirname(path), name),
};

class FileSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #file: number;
  #at = 0;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = withReadError(path, () => openSync(path, 'r'));
    this.sizeBytes = fstatSync(this.#file).size;
  }

  read(target: Uint8Array): number {
    const count = withReadError(this.#path, () => readSync(this.#file, target, 0, target.length, this.#at));
    this.#at += count;
    return count;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }
}
