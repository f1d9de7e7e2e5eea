/** Decodes the bytes of a text file: compressed by gzip or not, in any encoding that editors and terminals write. */
import { gunzipSync } from 'node:zlib';
import { decodedText, encodingOf, formatBytes, InputError, MIB } from '../base/index.js';
import { isGzip } from '../stream/node.js';

/** A limit far above the tens of KiB of INFO and MEMORY MALLOC-STATS. */
export const MAX_TEXT_BYTES = 16 * MIB;

/** Throws an InputError for damaged and for very large compressed data. */
export function decodeText(name: string, bytes: Uint8Array): string {
  // Archives of logs may be compressed twice.
  return isGzip(bytes) ? decodeText(name, unzipped(name, bytes)) : decoded(bytes);
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
  if (encodingOf(bytes) !== 'utf-8') return decodedText(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Old editors write single bytes for what is not ASCII. Binary data has control characters too.
    const isText = bytes.every((byte) => byte >= 0x20 || (byte >= 0x07 && byte <= 0x0d) || byte === 0x1b);
    return new TextDecoder(isText ? 'windows-1252' : 'utf-8').decode(bytes);
  }
}
