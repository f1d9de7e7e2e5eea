import { InputError } from './input-error.js';
import { latin1 } from './latin1.js';

/** Where, what was found, and what to do about it. */
export function refusal(name: string, byte: number, found: string, remedy: string): InputError {
  return new InputError(`${name}: byte ${byte}: ${found}; ${remedy}`);
}

/** A byte for a message: 'x' if it can be printed, else 0x0a. */
export function shownByte(byte: number | undefined): string {
  if (byte === undefined) return 'the end';
  return byte > 0x20 && byte < 0x7f
    ? `'${String.fromCharCode(byte)}'`
    : `0x${byte.toString(16).padStart(2, '0')}`;
}

/** The beginning of some bytes for a message. */
export function shownBytes(bytes: Uint8Array, limit = 24): string {
  const text = latin1(bytes.subarray(0, limit));
  return `${JSON.stringify(text)}${bytes.length > limit ? '…' : ''}`;
}
