import { readFile } from 'node:fs/promises';
import { decodedText, InputError } from '../base/index.js';
import { isGzip, unpacked } from './gzip-source.js';
import { readAll, STDIN } from './standard-input.js';

/** Reads a text file, or standard input for `-`. It may be packed with gzip, and be in UTF-8 or UTF-16. */
export async function readTextFile(path: string): Promise<string> {
  return path === STDIN ? textOf('stdin', readAll()) : textOf(path, await readFile(path));
}

/** Returns the text of bytes that may be packed with gzip. `name` is used in messages. */
export function textOf(name: string, bytes: Uint8Array): string {
  if (!isGzip(bytes)) return decodedText(bytes);
  const { bytes: plain, problem } = unpacked(name, bytes);
  if (problem !== undefined) throw new InputError(`${name}: ${problem}; copy the file again`);
  return decodedText(plain);
}
