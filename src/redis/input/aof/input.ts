import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../../trace/index.js';
import { type ByteSource, FileSource } from '../byte-source.js';
import { ByteWindow } from '../byte-window.js';
import { InputClock } from '../clock.js';
import { reading } from '../file-errors.js';
import type { Input, InputEvent } from '../input.js';
import { AofFile } from './file.js';
import { type Manifest, parseManifest } from './manifest.js';

interface Part {
  readonly path: string;
  readonly sizeBytes: number;
  /** Already open, or opened from the path when its turn comes. */
  readonly source?: ByteSource;
}

/**
 * Append-only files in the order in which a server loads them, each through a client of its own. An RDB file is read
 * the same way: an AOF may start as one.
 */
export class AofInput implements Input {
  readonly kind: 'aof' | 'rdb';
  readonly path: string;
  readonly manifest: string | undefined;
  readonly warnings: string[] = [];
  readonly sizeBytes: number;
  readonly #parts: readonly Part[];
  readonly #clock = new InputClock();
  #window: ByteWindow | undefined;
  #readBefore = 0;

  private constructor(path: string, parts: readonly Part[], kind: 'aof' | 'rdb', manifest?: string) {
    this.path = path;
    this.manifest = manifest;
    this.kind = kind;
    this.#parts = parts;
    this.sizeBytes = parts.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  }

  /** A single file, or bytes in memory. */
  static ofSource(path: string, source: ByteSource, kind: 'aof' | 'rdb' = 'aof'): AofInput {
    return new AofInput(path, [{ path, sizeBytes: source.sizeBytes ?? 0, source }], kind);
  }

  /** The files that a manifest names, which are beside it. */
  static ofManifest(path: string): AofInput {
    const manifest = parseManifest(
      path,
      reading(path, () => readFileSync(path)),
    );
    return new AofInput(path, manifestParts(path, manifest), 'aof', path);
  }

  /** An appendonlydir. */
  static ofDirectory(path: string): AofInput {
    return AofInput.ofManifest(join(path, findManifest(path)));
  }

  get files(): readonly string[] {
    return this.#parts.map(({ path }) => path);
  }

  get bytesRead(): number {
    return this.#readBefore + (this.#window?.position ?? 0);
  }

  clientName(client: number): string {
    return basename(this.#parts[client]?.path ?? this.path);
  }

  *events(): Generator<InputEvent, void> {
    for (const [index, part] of this.#parts.entries()) {
      const source = part.source ?? new FileSource(part.path);
      this.#window = new ByteWindow(part.path, source);
      try {
        yield* new AofFile(this.#window, {
          clock: this.#clock,
          client: index,
          isDump: this.kind === 'rdb',
          isLast: index === this.#parts.length - 1,
          warn: (message) => this.warnings.push(message),
        }).events();
      } finally {
        source.close();
      }
      this.#readBefore += this.#window.position;
      this.#window = undefined;
    }
  }

  close(): void {
    this.#window?.source?.close();
    for (const { source } of this.#parts) source?.close();
  }
}

function manifestParts(path: string, { base, increments }: Manifest): Part[] {
  const files = base === undefined ? increments : [base, ...increments];
  return files.map(({ name }) => {
    const partPath = join(dirname(path), name);
    const stats = statSync(partPath, { throwIfNoEntry: false });
    if (!stats?.isFile()) {
      const remedy = 'copy the whole directory, while the server is not rewriting it';
      throw new InputError(`${path}: it names \`${name}\`, which is not there; ${remedy}`);
    }
    return { path: partPath, sizeBytes: stats.size };
  });
}

/** The name of the directory's one manifest. */
export function findManifest(path: string): string {
  const entries = reading(path, () => readdirSync(path, { withFileTypes: true }));
  const manifests = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.manifest'));
  const [only] = manifests;
  if (manifests.length === 1 && only !== undefined) return only.name;
  if (manifests.length > 1) {
    const names = manifests.map(({ name }) => name).join(', ');
    throw new InputError(`${path}: it has several manifests (${names}); name the one to load`);
  }
  const inside = entries.find((entry) => entry.isDirectory() && entry.name.startsWith('appendonly'));
  const hint =
    inside === undefined ? 'name a file, or an appendonlydir' : `did you mean ${join(path, inside.name)}?`;
  throw new InputError(`${path}: a directory without an AOF manifest (*.manifest); ${hint}`);
}
