import { InputError } from './input-error.js';
import { visible } from './text/visible.js';

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

/** The most characters of bytes in a message, so that it stays short where each byte is escaped. */
const MOST_CHARACTERS = 40;

/** Returns the first bytes, at most `limit` of them, for a message. */
export function shownBytes(bytes: Uint8Array, limit = 24): string {
  let text = '';
  let at = 0;
  for (; at < Math.min(bytes.length, limit); at++) {
    const shown = visible(String.fromCharCode(bytes[at]!)).replace(/["\\]$/, '\\$&');
    if (text.length + shown.length > Math.max(limit, MOST_CHARACTERS)) break;
    text += shown;
  }
  return `"${text}"${at < bytes.length ? '…' : ''}`;
}
