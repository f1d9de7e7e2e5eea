/** Packs bodies as records without numbers, since a record can have different numbers in different streams. */
import { concatBytes, deflate } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import type { RunHeader, RunResult } from '../run/index.js';
import { encodeFrame } from './frame-body.js';
import type { Frame } from './recording.js';
import { encodeHead, HEAD_BYTES, type Tag } from './recording-format.js';

/** A record without its head. `stored` is the deflated body, `bodyBytes` its inflated length. */
export interface PackedRecord {
  readonly tag: Tag;
  readonly stored: Uint8Array<ArrayBuffer>;
  readonly bodyBytes: number;
}

export function packHeader(about: RunHeader, info: BuildInfo): Promise<PackedRecord[]> {
  return packed([['HEAD', json({ about, info })]]);
}

/** Packs a frame, which may be changed as soon as this has returned its promise. */
export function packFrame(frame: Frame): Promise<PackedRecord[]> {
  const { head, columns } = encodeFrame(frame);
  return packed([
    ['FRAM', json(head)],
    ['COLS', columns],
  ]);
}

export function packEnd(result: RunResult): Promise<PackedRecord[]> {
  return packed([['RSLT', json(result)]]);
}

/** Returns the bytes of consecutive records with their heads. `first` is the number of the first record. */
export function numbered(records: readonly PackedRecord[], first: number): Uint8Array<ArrayBuffer> {
  const pieces = records.flatMap(({ tag, stored, bodyBytes }, at) => [
    encodeHead(tag, first + at, stored, bodyBytes),
    stored,
  ]);
  return concatBytes(pieces);
}

export function bytesOfPacked(records: readonly PackedRecord[]): number {
  return records.reduce((sum, { stored }) => sum + HEAD_BYTES + stored.length, 0);
}

function packed(bodies: readonly (readonly [Tag, Uint8Array<ArrayBuffer>])[]): Promise<PackedRecord[]> {
  return Promise.all(
    bodies.map(async ([tag, body]) => ({ tag, stored: await deflate(body), bodyBytes: body.length })),
  );
}

function json(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
