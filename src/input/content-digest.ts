import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of an input, known by its content. */
export interface InputFile {
  /** The path inside the input; empty if the input is this file. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Returns the files of an input, which is a file or a directory, in the order of their names. Rejects as the system does. */
export async function inputFiles(path: string, name = ''): Promise<InputFile[]> {
  const found = await stat(path);
  if (!found.isDirectory()) return [{ name, bytes: found.size, sha256: await sha256OfFile(path) }];
  const names = (await readdir(path)).sort();
  const files: InputFile[] = [];
  for (const each of names) files.push(...(await inputFiles(join(path, each), join(name, each))));
  return files;
}

/** Returns the SHA-256 of a file, which is read in pieces. */
async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
