import { constants, gunzipSync } from 'node:zlib';
import { formatBytes, GIB, InputError } from '../base/index.js';

/** The most bytes that are unpacked. They are kept in memory, because readers go on without waiting. */
export const MAX_UNPACKED_BYTES = 2 * GIB;
/** A damaged file is unpacked up to its damage, to the nearest of these. */
const DAMAGE_STEP = 256;

/** Whether a file begins as gzip does. */
export function isGzip(begin: Uint8Array): boolean {
  return begin[0] === 0x1f && begin[1] === 0x8b;
}

interface Unpacked {
  readonly bytes: Uint8Array;
  readonly problem?: string;
}

/** Unpacks gzip data, up to a cut or damage. */
export function unpacked(name: string, packed: Uint8Array): Unpacked {
  try {
    return { bytes: gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name);
    if (code === 'Z_BUF_ERROR')
      return { bytes: upTo(packed, packed.length)!, problem: 'the gzip data breaks off' };
    return { bytes: beforeDamage(packed), problem: 'the gzip data is damaged' };
  }
}

export function tooLarge(name: string): InputError {
  return new InputError(
    `${name}: gzip data of over ${formatBytes(MAX_UNPACKED_BYTES)} unpacked; unpack it to a file first (gunzip)`,
  );
}

/** Returns what the longest prefix without damage unpacks to. */
function beforeDamage(packed: Uint8Array): Uint8Array {
  let good = 0;
  let bad = Math.ceil(packed.length / DAMAGE_STEP);
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (upTo(packed, middle * DAMAGE_STEP) === undefined) bad = middle;
    else good = middle;
  }
  // A wrong checksum at the end leaves all bytes before it.
  for (const end of [packed.length - 8, good * DAMAGE_STEP]) {
    const bytes = end > 0 ? upTo(packed, end) : undefined;
    if (bytes !== undefined) return bytes;
  }
  return new Uint8Array(0);
}

/** Returns what a prefix unpacks to; undefined if there is damage in it. */
function upTo(packed: Uint8Array, end: number): Uint8Array | undefined {
  try {
    const finishFlush = constants.Z_SYNC_FLUSH;
    return gunzipSync(packed.subarray(0, end), { finishFlush, maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    return undefined;
  }
}
