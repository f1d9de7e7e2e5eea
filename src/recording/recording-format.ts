/** The bytes of a `.slabs` file outside its records' bodies; FORMAT.md describes them. */
import { crc32, latin1, writeLatin1 } from '../base/index.js';

export const EXTENSION = '.slabs';

/** The first bytes of a file. Like PNG's, they show whether a copy translated line ends or stripped the high bit. */
const MAGIC = [0x89, 0x73, 0x6c, 0x62, 0x0d, 0x0a, 0x1a, 0x0a];
export const VERSION = 1;
/** Bytes of magic and version. */
export const START_BYTES = 12;
export const HEAD_BYTES = 24;

export const TAGS = ['HEAD', 'FRAM', 'COLS', 'RSLT'] as const;
export type Tag = (typeof TAGS)[number];

/** The largest ratio by which deflate can compress: 258 bytes in 2 bits, or 1032 to 1. */
export const MAX_EXPANSION = 1032;

export interface RecordHead {
  readonly tag: string;
  readonly number: number;
  /** Bytes of the body in the file, and when inflated. */
  readonly storedBytes: number;
  readonly bodyBytes: number;
  readonly storedCheck: number;
}

export function fileStart(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(START_BYTES);
  bytes.set(MAGIC);
  viewOf(bytes).setUint32(MAGIC.length, VERSION, true);
  return bytes;
}

export function startsWithMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte);
}

export function versionAt(start: Uint8Array): number {
  return viewOf(start).getUint32(MAGIC.length, true);
}

export function encodeHead(tag: Tag, number: number, stored: Uint8Array, bodyBytes: number): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  writeLatin1(tag, bytes);
  const view = viewOf(bytes);
  view.setUint32(4, number, true);
  view.setUint32(8, stored.length, true);
  view.setUint32(12, bodyBytes, true);
  view.setUint32(16, crc32(stored), true);
  view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
  return bytes;
}

/** Returns the head; undefined if its checksum does not match. */
export function decodeHead(bytes: Uint8Array): RecordHead | undefined {
  const view = viewOf(bytes);
  if (view.getUint32(20, true) !== crc32(bytes.subarray(0, 20))) return undefined;
  return {
    tag: latin1(bytes, 0, 4),
    number: view.getUint32(4, true),
    storedBytes: view.getUint32(8, true),
    bodyBytes: view.getUint32(12, true),
    storedCheck: view.getUint32(16, true),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
