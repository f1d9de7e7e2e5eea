/**
 * The `.ops` file: an operation stream on disk. All numbers are little-endian; offsets in bytes.
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
 * Nothing may follow the end record. The magic is PNG's idea: a copy that translated line ends or stripped the
 * high bit no longer starts with it. Positions in the heads betray a missing, doubled or exchanged chunk, the end
 * record a cut at a chunk's edge, and the head's own check keeps a damaged count from being read as a length.
 */
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';

export const MAGIC = Buffer.from('896f70730d0a1a0a', 'hex');
export const VERSION = 1;
export const HEADER_BYTES = 20;
export const HEAD_BYTES = 24;
export const CHUNK_TAG = Buffer.from('CHNK');
export const END_TAG = Buffer.from('END ');
/** Bounds what a reader allocates before it can check: 12 MiB a chunk, and a metadata block of 1 MiB. */
export const MAX_CHUNK_OPERATIONS = 1 << 20;
export const MAX_METADATA_BYTES = 1 << 20;

/** What the stream is of. Only `phases` is needed to run it; the rest says where it came from. */
export interface OpsMetadata {
  readonly workload: string;
  readonly server: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Names of the phases that the stream's sweeps end, by phase number. */
  readonly phases: readonly string[];
}

export interface RecordHead {
  readonly tag: Buffer;
  readonly count: number;
  readonly position: number;
  readonly bodyCheck: number;
}

export function encodeHeader(metadata: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header, 0);
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(metadata.length, 12);
  header.writeUInt32LE(headerCheck(header, metadata), 16);
  return header;
}

export function headerCheck(header: Buffer, metadata: Buffer): number {
  return crc32(metadata, crc32(header.subarray(8, 16)));
}

export function encodeHead(head: RecordHead): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  head.tag.copy(bytes, 0);
  bytes.writeUInt32LE(head.count, 4);
  bytes.writeBigUInt64LE(BigInt(head.position), 8);
  bytes.writeUInt32LE(head.bodyCheck, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
  return bytes;
}

/** The head, or undefined when its check does not hold. */
export function decodeHead(bytes: Buffer): RecordHead | undefined {
  if (bytes.readUInt32LE(20) !== crc32(bytes.subarray(0, 20))) return undefined;
  return {
    tag: bytes.subarray(0, 4),
    count: bytes.readUInt32LE(4),
    position: Number(bytes.readBigUInt64LE(8)),
    bodyCheck: bytes.readUInt32LE(16),
  };
}

const hostIsLittleEndian = endianness() === 'LE';

/** The words' bytes in file order; the words themselves stay as they are. */
export function littleEndianBytes(words: Uint32Array<ArrayBuffer>): Buffer {
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  return hostIsLittleEndian ? bytes : Buffer.from(bytes).swap32();
}

/** Turns words that were filled from a file into the host's order, in place. */
export function toHostOrder(bytes: Buffer): void {
  if (!hostIsLittleEndian) bytes.swap32();
}
