/**
 * The .ops file format, in little-endian order:
 *
 *     header    8 bytes MAGIC, u32 version, u32 metadata bytes, u32 CRC-32 of the two and the metadata
 *     metadata  JSON: OpsMetadata
 *     records   24 bytes head: 4 bytes tag, u32 count, u64 position, u32 CRC-32 of the body, u32 CRC-32 of the head
 *               then, for tag CHNK, the columns what, handle and size of `count` operations; for END, nothing
 *
 * The position of a record is the number of operations before it. The count of the end record is that of all chunks.
 */
import { crc32, latin1, latin1Bytes, MIB } from '../../base/index.js';

export const MAGIC = latin1Bytes('\x89ops\r\n\x1a\n');
export const VERSION = 1;
export const HEADER_BYTES = 20;
export const HEAD_BYTES = 24;
export const CHUNK_TAG = 'CHNK';
export const END_TAG = 'END ';
/** Limits of the memory that a reader allocates before it can check the contents: 12 MiB of a chunk, 1 MiB of metadata. */
export const MAX_CHUNK_OPERATIONS = 1 << 20;
export const MAX_METADATA_BYTES = MIB;

/** Describes a stream. A run needs only `phases`; the rest documents the origin. */
export interface OpsMetadata {
  readonly workload: string;
  readonly server: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Names of the phases that the stream's sweeps end, by phase number. */
  readonly phases: readonly string[];
}

export interface RecordHead {
  readonly tag: string;
  readonly count: number;
  readonly position: number;
  readonly bodyCheck: number;
}

export function startsWithMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte);
}

export function encodeHeader(metadata: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  const view = viewOf(header);
  view.setUint32(8, VERSION, true);
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
