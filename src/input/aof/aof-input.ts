import { type ByteSource, InputError } from '../../base/index.js';
import { ByteWindow } from '../../resp/index.js';
import type { Files } from '../files.js';
import type { Input, InputEvent } from '../input.js';
import { InputClock } from '../input-clock.js';
import { AofFile } from './aof-file.js';
import { firstTime } from './first-time.js';
import { type Manifest, parseManifest } from './manifest.js';

interface Part {
  readonly path: string;
  /** Excludes the directory. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Opens the file, once the previous one has been read. */
  readonly open: () => ByteSource;
  /** Whether `open` can be called again, for a look ahead. */
  readonly isReopened: boolean;
}

/**
 * Reads append-only files in the order in which a server loads them, each as a client of its own. RDB files are read the
 * same way, since an AOF may start with an RDB image.
 */
export class AofInput implements Input {
  readonly kind: 'aof' | 'rdb';
  readonly path: string;
  readonly manifest: string | undefined;
  readonly warnings: string[] = [];
  readonly sizeBytes: number;
  readonly #parts: readonly Part[];
  readonly #clock = new InputClock((message) => this.warnings.push(message));
  #window: ByteWindow | undefined;
  #opened: ByteSource | undefined;
  #readBefore = 0;
  #part = 0;
  #file: AofFile | undefined;
  #isPeeked = false;

  private constructor(path: string, parts: readonly Part[], kind: 'aof' | 'rdb', manifest?: string) {
    this.path = path;
    this.manifest = manifest;
    this.kind = kind;
    this.#parts = parts;
    this.sizeBytes = parts.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  }

  /** Returns the input of a single file, or of bytes in memory. */
  static ofSource(path: string, source: ByteSource, kind: 'aof' | 'rdb' = 'aof'): AofInput {
    const part = {
      path,
      name: nameOf(path),
      sizeBytes: source.sizeBytes ?? 0,
      open: () => source,
      isReopened: false,
    };
    const input = new AofInput(path, [part], kind);
    input.#opened = source;
    return input;
  }

  /** Returns the input of a single file on a disk. */
  static ofFile(files: Files, path: string, kind: 'aof' | 'rdb'): AofInput {
    const there = files.stat(path);
    const sizeBytes = there?.kind === 'file' ? there.sizeBytes : 0;
    return new AofInput(
      path,
      [{ path, name: nameOf(path), sizeBytes, open: () => files.open(path), isReopened: true }],
      kind,
    );
  }

  /** Returns the input of the files that a manifest names, which are in its directory. */
  static ofManifest(files: Files, path: string): AofInput {
    const manifest = parseManifest(path, wholeOf(files, path));
    const parts = manifestParts(files, path, manifest);
    const input = new AofInput(path, parts, 'aof', path);
    if (manifest.base !== undefined && parts[0]?.sizeBytes === 0) {
      input.warnings.push(
        `${path}: the base \`${manifest.base.name}\` is empty, which a server does not write: ` +
          'keys from before the increments are missing; a server loads the increments without a word',
      );
    }
    return input;
  }

  /** Returns the input of an appendonlydir. */
  static ofDirectory(files: Files, path: string): AofInput {
    return AofInput.ofManifest(files, files.within(path, findManifest(files, path)));
  }

  get files(): readonly string[] {
    return this.#parts.map(({ path }) => path);
  }

  get bytesRead(): number {
    return this.#readBefore + (this.#window?.position ?? 0);
  }

  placeOf(): string {
    const part = this.#parts.length === 1 ? '' : `${this.#parts[this.#part]?.name ?? ''}: `;
    return `${part}byte ${this.#file?.commandAt ?? 0}`;
  }

  clientName(client: number): string {
    return this.#parts[client]?.name ?? nameOf(this.path);
  }

  *events(): Generator<InputEvent, void> {
    for (const [index, part] of this.#parts.entries()) {
      const source = part.open();
      this.#opened = source;
      this.#window = new ByteWindow(part.path, source);
      try {
        this.#part = index;
        const file = new AofFile(this.#window, {
          clock: this.#clock,
          client: index,
          isDump: this.kind === 'rdb',
          isLast: index === this.#parts.length - 1,
          warn: (message) => this.warnings.push(message),
        });
        this.#file = file;
        for (const event of file.events()) {
          if (event.kind === 'command' || event.kind === 'rdb-entry') yield* this.#lateEpoch();
          yield event;
        }
      } finally {
        source.close();
      }
      this.#readBefore += this.#window.position;
      this.#window = undefined;
    }
  }

  /** Looks ahead for the first time, if commands or keys come before it. */
  *#lateEpoch(): Generator<InputEvent, void> {
    if (this.#isPeeked || this.#clock.hasEpoch) return;
    this.#isPeeked = true;
    if (this.kind !== 'aof' || !this.#parts.every(({ isReopened }) => isReopened)) return;
    const unixMs = firstTime(this.#parts);
    if (unixMs === undefined) return;
    this.warnings.push(
      `${this.path}: commands come before the first timestamp (#TS:); they count as sent at its time`,
    );
    const epoch = this.#clock.advanceTo(unixMs, () => this.path);
    if (epoch !== undefined) yield epoch;
  }

  close(): void {
    this.#opened?.close();
  }
}

function manifestParts(files: Files, path: string, { base, increments }: Manifest): Part[] {
  const named = base === undefined ? increments : [base, ...increments];
  return named.map(({ name }) => {
    const partPath = files.sibling(path, name);
    const there = files.stat(partPath);
    if (there?.kind !== 'file') {
      const remedy = 'copy the whole directory, while the server is not rewriting it';
      const found = there === undefined ? 'does not exist' : 'is no file';
      throw new InputError(`${path}: it names \`${name}\`, which ${found}; ${remedy}`);
    }
    return {
      path: partPath,
      name,
      sizeBytes: there.sizeBytes,
      open: () => files.open(partPath),
      isReopened: true,
    };
  });
}

/** Returns the name of the only manifest in a directory. */
function findManifest(files: Files, path: string): string {
  const entries = files.entries(path);
  const manifests = entries.filter(({ name, isDirectory }) => !isDirectory && name.endsWith('.manifest'));
  const [only] = manifests;
  if (manifests.length === 1 && only !== undefined) return only.name;
  if (manifests.length > 1) {
    const names = manifests.map(({ name }) => name).join(', ');
    throw new InputError(`${path}: it has several manifests (${names}); name the one to load`);
  }
  const inside = entries.find(({ name, isDirectory }) => isDirectory && name.startsWith('appendonly'));
  const hint =
    inside === undefined
      ? 'name a file, or an appendonlydir'
      : `did you mean ${files.within(path, inside.name)}?`;
  throw new InputError(`${path}: a directory without an AOF manifest (*.manifest); ${hint}`);
}

function wholeOf(files: Files, path: string): Uint8Array {
  const window = new ByteWindow(path, files.open(path));
  try {
    while (window.fill());
    return window.bytes.subarray(0, window.end);
  } finally {
    window.source?.close();
  }
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
