import { readFileSync } from 'node:fs';
import { InputError } from '../base/index.js';

/** Returns the content of a file that an option names. */
export function contentOf(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new InputError(`${option} ${file}: ${(cause as Error).message}; name a readable file`);
  }
}

/** Returns the first line of a file that an option names, such as a password. */
export function firstLineOf(option: string, file: string): string {
  return contentOf(option, file).toString('utf8').split(/\r?\n/, 1)[0]!;
}
