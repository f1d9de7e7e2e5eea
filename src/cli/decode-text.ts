/** Decodes the bytes of a text file: compressed by gzip or not, in any encoding that editors and terminals write. */
import { gunzipSync } from 'node:zlib';
import { formatBytes, InputError, MIB } from '../base/index.js';

/** A limit far above the tens of KiB of INFO and MEMORY MALLOC-STATS. */
export const MAX_TEXT_BYTES = 16 * MIB;

/** Throws an InputError for damaged and for very large compressed data. */
export function decodeText(name: string, bytes: Uint8Array): string {
  return decoded(isGzip(bytes) ? unzipped(name, bytes) : bytes);
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unzipped(name: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new InputError(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLong(name)
        : `${name}: compressed by gzip, but damaged (${message}); give the whole file`,
    );
  }
}

export function tooLong(name: string): string {
  return `${name}: longer than ${formatBytes(MAX_TEXT_BYTES)}; give the output of INFO and MEMORY MALLOC-STATS`;
}

function decoded(bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return new TextDecoder(utf16).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Old editors write single bytes for what is not ASCII. Binary data has control characters too.
    const isText = bytes.every((byte) => byte >= 0x20 || (byte >= 0x07 && byte <= 0x0d) || byte === 0x1b);
    return new TextDecoder(isText ? 'windows-1252' : 'utf-8').decode(bytes);
  }
}

/** Returns the encoding of a text with 16-bit characters; null for other texts. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark, every other byte of plain text is zero.
  const sample = bytes.subarray(0, 64);
  const zeros = (from: number) => sample.filter((byte, index) => index % 2 === from && byte === 0).length;
  const half = Math.floor(sample.length / 2);
  if (half < 4) return null;
  if (zeros(1) > 0.9 * half && zeros(0) === 0) return 'utf-16le';
  return zeros(0) > 0.9 * half && zeros(1) === 0 ? 'utf-16be' : null;
}
