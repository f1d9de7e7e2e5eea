/**
 * The bytes of an `.ops` file outside of its records' bodies; FORMAT.md describes them.
 *
 * The magic detects a copy that translated line ends or stripped the high bit, as that of PNG does. Positions detect a
 * missing, doubled or exchanged chunk. The end record detects a cut at the end of a chunk. The checks of a head and of
 * lengths keep a damaged number from being used as a length.
 */
import { crc32, latin1, latin1Bytes, MIB } from '../../base/index.js';

export const MAGIC = latin1Bytes('\x89ops\r\n\x1a\n');
/** Version 1 has plain chunks alone. Version 2 adds packed chunks, names of owners, and the recorded program. */
export const PLAIN_VERSION = 1;
export const VERSION = 2;
export const HEADER_BYTES = 20;
export const HEAD_BYTES = 24;
/** Bytes of the lengths that follow the head of a packed record. */
export const LENGTHS_BYTES = 12;
export const CHUNK_TAG = 'CHNK';
export const PACKED_TAG = 'CHNZ';
export const NAMES_TAG = 'NAME';
export const END_TAG = 'END ';
/** Limits of the memory that a reader allocates before it can check the contents: 12 MiB of a chunk, 1 MiB of metadata. */
export const MAX_CHUNK_OPERATIONS = 1 << 20;
export const MAX_METADATA_BYTES = MIB;
export const MAX_NAMES_BYTES = 256 * MIB;

export interface RecordHead {
  readonly tag: string;
  readonly count: number;
  readonly position: number;
  readonly bodyCheck: number;
}

export function startsWithMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte);
}

export function encodeHeader(version: number, metadata: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  const view = viewOf(header);
  view.setUint32(8, version, true);
  view.setUint32(12, metadata.length, true);
  view.setUint32(16, headerCheck(header, metadata), true);
  return header;
}

export function headerCheck(header: Uint8Array, metadata: Uint8Array): number {
  return crc32(metadata, crc32(header.subarray(8, 16)));
}

export function encodeHead(head: RecordHead): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  bytes.set(latin1Bytes(head.tag));
  const view = viewOf(bytes);
  view.setUint32(4, head.count, true);
  view.setBigUint64(8, BigInt(head.position), true);
  view.setUint32(16, head.bodyCheck, true);
  view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
  return bytes;
}

/** Returns the head; undefined if its checksum does not match. */
export function decodeHead(bytes: Uint8Array): RecordHead | undefined {
  const view = viewOf(bytes);
  if (view.getUint32(20, true) !== crc32(bytes.subarray(0, 20))) return undefined;
  return {
    tag: latin1(bytes, 0, 4),
    count: view.getUint32(4, true),
    position: Number(view.getBigUint64(8, true)),
    bodyCheck: view.getUint32(16, true),
  };
}

/** The lengths of a packed body: in the file, and when inflated. */
export interface PackedLengths {
  readonly stored: number;
  readonly inflated: number;
}

export function encodeLengths({ stored, inflated }: PackedLengths): Uint8Array {
  const bytes = new Uint8Array(LENGTHS_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, stored, true);
  view.setUint32(4, inflated, true);
  view.setUint32(8, crc32(bytes.subarray(0, 8)), true);
  return bytes;
}

/** Returns the lengths; undefined if their checksum does not match. */
export function decodeLengths(bytes: Uint8Array): PackedLengths | undefined {
  const view = viewOf(bytes);
  if (view.getUint32(8, true) !== crc32(bytes.subarray(0, 8))) return undefined;
  return { stored: view.getUint32(0, true), inflated: view.getUint32(4, true) };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const hostIsLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Returns the bytes of words in file order. The words themselves do not change. */
export function littleEndianBytes(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  if (hostIsLittleEndian) return bytes;
  const copy = bytes.slice();
  toHostOrder(copy);
  return copy;
}

/** Converts words that were read from a file to the host's byte order, in place. */
export function toHostOrder(bytes: Uint8Array): void {
  if (hostIsLittleEndian) return;
  for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
}
