import { InputError } from './input-error.js';
import { latin1 } from './latin1.js';

/** Returns an error that names the place, the bytes found there and the remedy. */
export function refusal(name: string, byte: number, found: string, remedy: string): InputError {
  return new InputError(`${name}: byte ${byte}: ${found}; ${remedy}`);
}

/** Returns a byte for a message: 'x' if it is printable, else 0x0a. */
export function shownByte(byte: number | undefined): string {
  if (byte === undefined) return 'the end';
  return byte > 0x20 && byte < 0x7f
    ? `'${String.fromCharCode(byte)}'`
    : `0x${byte.toString(16).padStart(2, '0')}`;
}

/** Returns the first bytes for a message. */
export function shownBytes(bytes: Uint8Array, limit = 24): string {
  const text = latin1(bytes.subarray(0, limit));
  return `${JSON.stringify(text)}${bytes.length > limit ? '…' : ''}`;
}
