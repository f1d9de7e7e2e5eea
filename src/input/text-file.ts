import { readFile } from 'node:fs/promises';
import { decodedText } from '../base/index.js';
import { plainOf, readStandardInput, STDIN } from '../stream/node.js';

/** Reads a text file, or standard input for `-`. It may be packed with gzip, and be in UTF-8 or UTF-16. */
export async function readTextFile(path: string): Promise<string> {
  return path === STDIN ? textOf('stdin', readStandardInput()) : textOf(path, await readFile(path));
}

/** Returns the text of bytes that may be packed with gzip. `name` is used in messages. */
export function textOf(name: string, bytes: Uint8Array): string {
  return decodedText(plainOf(name, bytes));
}
