/** The bytes of an `.ops` file, and what is refused in them. */
import { InputError } from '../../base/index.js';

/** A source of the bytes of a file. */
export interface OpsBytes {
  /** Fills some or all of `target` with the bytes from `position` on. Returns how many; 0 at the end. */
  read(target: Uint8Array<ArrayBuffer>, position: number): Promise<number>;
  close(): Promise<void>;
}

export const REMEDY_TRUNCATED = 'the file was cut short: copy or record it again';
export const REMEDY_DAMAGED = 'the file is damaged: copy or record it again';
export const REMEDY_WRITER = 'correct the program that wrote it';

export function refusal(path: string, at: number, found: string, remedy: string): InputError {
  return new InputError(`${path}: byte ${at}: ${found}; ${remedy}`);
}

/** Reads until the buffer is full or the file ends. Returns the number of bytes read. */
export async function fill(
  file: OpsBytes,
  buffer: Uint8Array<ArrayBuffer>,
  position: number,
): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const count = await file.read(buffer.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
