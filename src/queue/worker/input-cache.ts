/** Inputs on the disk of a worker, by their content, within a bound. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../base/index.js';
import type { InputFile } from '../../input/node.js';
import type { SentInput } from '../sent-input.js';

export interface InputCacheOptions {
  readonly directory: string;
  readonly maxBytes: number;
}

type Fetch = (file: InputFile, to: string) => Promise<void>;

export class InputCache {
  /** The directories of inputs that this process uses. */
  readonly #used = new Set<string>();
  readonly #arriving = new Map<string, Promise<string>>();

  constructor(private readonly options: InputCacheOptions) {}

  /** Returns the path of an input, which is fetched once. */
  pathOf(input: SentInput, fetch: Fetch): Promise<string> {
    const name = cacheName(input);
    let arriving = this.#arriving.get(name);
    if (arriving === undefined) {
      arriving = this.#bring(name, input, fetch).finally(() => this.#arriving.delete(name));
      this.#arriving.set(name, arriving);
    }
    return arriving;
  }

  /** Lets an input be removed when space is needed. */
  release(input: SentInput): void {
    this.#used.delete(cacheName(input));
  }

  async #bring(name: string, input: SentInput, fetch: Fetch): Promise<string> {
    const place = join(this.options.directory, name);
    const path = join(place, basename(input.path));
    this.#used.add(name);
    if (await isThere(place)) {
      const now = new Date();
      await utimes(place, now, now);
      return path;
    }
    await this.#makeRoom(input);
    const part = `${place}.part-${randomUUID()}`;
    try {
      for (const file of input.files) {
        const to = join(part, basename(input.path), file.name);
        await mkdir(dirname(to), { recursive: true });
        await fetch(file, to);
      }
      // Another process of this machine may have stored the same content since.
      await rename(part, place).catch(async (error) => {
        if (!(await isThere(place))) throw error;
      });
      return path;
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  }

  async #makeRoom({ path, bytes }: SentInput): Promise<void> {
    const { directory, maxBytes } = this.options;
    if (bytes > maxBytes) {
      throw new InputError(
        `${path}: has ${bytes} bytes, and the inputs of this worker at most ${maxBytes}; raise --inputs-size`,
      );
    }
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const kept = await Promise.all((await readdir(directory)).map((name) => sizeOf(directory, name)));
    kept.sort((a, b) => a.usedAt - b.usedAt);
    let total = kept.reduce((sum, one) => sum + one.bytes, bytes);
    for (const { name, bytes: freed } of kept) {
      if (total <= maxBytes) return;
      if (this.#used.has(name)) continue;
      await rm(join(directory, name), { recursive: true, force: true });
      total -= freed;
    }
  }
}

/** Returns the name of an input's directory, which its content and its last name determine. */
export function cacheName({ path, files }: SentInput): string {
  return createHash('sha256')
    .update(JSON.stringify([basename(path), files]))
    .digest('hex')
    .slice(0, 32);
}

async function sizeOf(directory: string, name: string) {
  const place = join(directory, name);
  let bytes = 0;
  for (const entry of await readdir(place, { recursive: true }).catch(() => [])) {
    const found = await stat(join(place, entry)).catch(() => undefined);
    if (found?.isFile() === true) bytes += found.size;
  }
  const usedAt = (await stat(place).catch(() => undefined))?.mtimeMs ?? 0;
  return { name, bytes, usedAt };
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
