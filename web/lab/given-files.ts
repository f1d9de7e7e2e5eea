/** Gives the readers of inputs the files of the page. Only a worker may read synchronously, as they do. */
import { type ByteSource, InputError, MIB } from '../../src/base/index.js';
import type { FileEntry, Files } from '../../src/input/index.js';
import type { OpsBytes } from '../../src/stream/index.js';
import type { GivenFile } from './service.js';

/** A read costs a round trip to the browser's file process, so each one is large. */
const BLOCK_BYTES = 4 * MIB;

export function filesOf(given: readonly GivenFile[]): Files {
  const find = (path: string) => given.find((entry) => entry.path === path)?.file;
  return {
    stat: (path) => {
      const file = find(path);
      if (file !== undefined) return { kind: 'file', sizeBytes: file.size };
      return entriesOf(given, path).length > 0 ? { kind: 'directory' } : undefined;
    },
    entries: (directory) => entriesOf(given, directory),
    open: (path) => {
      const file = find(path);
      if (file === undefined)
        throw new InputError(`${path}: it was not given to the page; drop it here as well`);
      return new BlobSource(path, file);
    },
    within: (directory, name) => `${directory}/${name}`,
    sibling: (path, name) => `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`,
  };
}

function entriesOf(given: readonly GivenFile[], directory: string): FileEntry[] {
  const entries = new Map<string, FileEntry>();
  for (const { path } of given) {
    if (!path.startsWith(`${directory}/`)) continue;
    const [name = '', ...inside] = path.slice(directory.length + 1).split('/');
    entries.set(name, { name, isDirectory: inside.length > 0 });
  }
  return [...entries.values()];
}

class BlobSource implements ByteSource {
  readonly blockBytes = BLOCK_BYTES;
  readonly #reader = new FileReaderSync();
  #at = 0;

  constructor(
    private readonly path: string,
    private readonly file: File,
  ) {}

  get sizeBytes(): number {
    return this.file.size;
  }

  read(target: Uint8Array): number {
    const to = Math.min(this.#at + target.length, this.file.size);
    if (to <= this.#at) return 0;
    const bytes = new Uint8Array(this.#bytes(this.#at, to));
    target.set(bytes);
    this.#at += bytes.length;
    return bytes.length;
  }

  close(): void {}

  #bytes(from: number, to: number): ArrayBuffer {
    try {
      return this.#reader.readAsArrayBuffer(this.file.slice(from, to));
    } catch (error) {
      throw unreadable(this.path, error);
    }
  }
}

export function opsBytes(path: string, file: File): OpsBytes {
  return {
    read: async (target, position) => {
      const slice = file.slice(position, position + target.length);
      const bytes = await slice.arrayBuffer().catch((error: unknown) => {
        throw unreadable(path, error);
      });
      target.set(new Uint8Array(bytes));
      return bytes.byteLength;
    },
    close: async () => {},
  };
}

/** Returns the error for an unreadable file. Browsers refuse a file that has changed since it was chosen. */
function unreadable(path: string, error: unknown): InputError {
  const { message } = error as Error;
  return new InputError(
    `${path}: the browser cannot read it (${message}); if it has changed, choose it again`,
  );
}
