/** Reads the header of an `.ops` file. */
import { latin1 } from '../../base/index.js';
import {
  fill,
  type OpsBytes,
  REMEDY_DAMAGED,
  REMEDY_TRUNCATED,
  REMEDY_WRITER,
  refusal,
} from './ops-bytes.js';
import {
  HEADER_BYTES,
  headerCheck,
  MAGIC,
  MAX_METADATA_BYTES,
  startsWithMagic,
  VERSION,
  viewOf,
} from './ops-format.js';
import { type OpsMetadata, parseMetadata } from './ops-metadata.js';

export interface OpsHeader {
  readonly version: number;
  readonly metadata: OpsMetadata;
  /** The byte at which the first record starts. */
  readonly end: number;
}

export async function readHeader(path: string, file: OpsBytes): Promise<OpsHeader> {
  const header = new Uint8Array(HEADER_BYTES);
  const found = await fill(file, header, 0);
  if (!startsWithMagic(header)) {
    const start = header.subarray(0, Math.min(found, MAGIC.length));
    const what = found === 0 ? 'the file is empty' : `it starts with ${JSON.stringify(latin1(start))}`;
    throw refusal(path, 0, `not an .ops file: ${what}`, 'write one with `slablab run … --save-ops FILE`');
  }
  if (found < HEADER_BYTES) throw refusal(path, found, 'truncated in the header', REMEDY_TRUNCATED);
  const view = viewOf(header);
  const version = view.getUint32(8, true);
  if (version > VERSION) {
    const remedy = `this slablab reads versions up to ${VERSION}: update it, or record the file again`;
    throw refusal(path, 8, `.ops version ${version}`, remedy);
  }
  const length = view.getUint32(12, true);
  if (version === 0 || length > MAX_METADATA_BYTES) {
    throw refusal(path, 8, `version ${version} with ${length} bytes of metadata`, REMEDY_DAMAGED);
  }
  const json = new Uint8Array(length);
  const foundJson = await fill(file, json, HEADER_BYTES);
  if (foundJson < length) {
    throw refusal(path, HEADER_BYTES + foundJson, 'truncated in the metadata', REMEDY_TRUNCATED);
  }
  if (headerCheck(header, json) !== view.getUint32(16, true)) {
    throw refusal(path, 16, 'the checksum of the header does not match it', REMEDY_DAMAGED);
  }
  // The checksum matches, so invalid metadata was written that way by another program.
  const metadata = parseMetadata(json);
  if ('problem' in metadata) {
    throw refusal(path, HEADER_BYTES, `metadata: ${metadata.problem}`, REMEDY_WRITER);
  }
  return { version, metadata, end: HEADER_BYTES + length };
}
