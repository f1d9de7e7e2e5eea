/**
 * The `.ops` file: an operation stream on disk. All numbers are little-endian. Offsets are in bytes.
 *
 *     header      0  magic        89 'o' 'p' 's' 0d 0a 1a 0a
 *                 8  version      u32, 1
 *                12  metadata     u32, length of the JSON that follows the header
 *                16  check        u32, CRC-32 of bytes 8-15 and of the metadata
 *     metadata   20  UTF-8 JSON, an object: OpsMetadata
 *     then any number of chunk records and one end record, each with a head of 24 bytes:
 *                 0  tag          'CHNK' or 'END '
 *                 4  count        u32: operations in the chunk; in the end record, chunks in the file
 *                 8  position     u64: operations before this record; in the end record, in the whole file
 *                16  body check   u32, CRC-32 of the columns; 0 in the end record
 *                20  head check   u32, CRC-32 of bytes 0-19
 *     chunk body 24  what[count], handle[count], size[count], u32 each (see operation.ts)
 *
 * Nothing may follow the end record. As in PNG, the magic detects a copy that translated line ends or stripped the high
 * bit. Positions detect a missing, doubled or exchanged chunk. The end record detects a cut at the end of a chunk. The
 * check of a head keeps a damaged count from being used as a length.
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
