import type { OpChunk } from '../stream/index.js';
import { BootError } from './engine-errors.js';
import type { Column } from './snapshot.js';
import { columnMemory } from './spare-columns.js';

/** lab_status_t. */
export const Status = {
  ok: 0,
  sweep: 1,
  unknownKind: 2,
  unknownHandle: 3,
  handleInUse: 4,
  badHandle: 5,
  badSize: 6,
  badThread: 7,
  badAlignment: 8,
  outOfMemory: 9,
  badConf: 10,
  notBooted: 11,
  mismatch: 12,
} as const;

/** A column of a survey. */
export interface ColumnField {
  readonly name: string;
  /** Of a number in it. */
  readonly bytes: 1 | 2 | 4;
}

/** What was compiled, and the names of the fields of each record, in order. */
export interface Compiled {
  readonly pageSize: number;
  readonly quantum: number;
  readonly cacheOblivious: boolean;
  readonly instrumented: boolean;
  readonly version: string;
  readonly granuleFields: readonly ColumnField[];
  readonly classFields: readonly string[];
  readonly totalFields: readonly string[];
  readonly extentFields: readonly ColumnField[];
}

/** Columns of the same length, in the order of the fields that were compiled. */
export interface Rows {
  readonly count: number;
  readonly columns: readonly Column[];
}

export interface Replayed {
  readonly status: number;
  /** Index in the chunk at which the replay stopped. */
  readonly stop: number;
  /** Time spent replaying, without moving the chunk there. Not deterministic. */
  readonly elapsedMs: number;
}

export interface Surveyed {
  readonly status: number;
  readonly totals: Float64Array;
  /** One record after the other, small classes first. */
  readonly classes: Float64Array;
  readonly granules: Rows;
  readonly extents: Rows;
  /** By granule and region, whether it is held or free; and which of the held ones are parked (LAB_REGION_*). */
  readonly regions: Uint8Array<ArrayBuffer>;
  /** Two words each: first page of the granule, number of the region. */
  readonly parked: Uint32Array<ArrayBuffer>;
  readonly elapsedMs: number;
}

export interface Port {
  readonly compiled: Compiled;
  /** See lab_refuse. */
  refuse(from: number, count: number): Promise<void>;
  boot(hooks: number, conf: string): Promise<{ status: number; smallClasses: number }>;
  /**
   * Replays a chunk of at most LAB_CHUNK operations, from operation `from` to its end or to where it stops.
   * The columns go over when `from` is 0; later calls go on in them.
   */
  replay(chunk: OpChunk, from: number): Promise<Replayed>;
  /** `regions` and `parked` are empty unless they are asked for. */
  survey(withRegions?: boolean): Promise<Surveyed>;
  /** See Engine.locate. */
  locate(): Promise<Uint32Array<ArrayBuffer>>;
  /** See Engine.statistics. */
  statistics(): Promise<string>;
  /** The lab's words on the last call that did not return ok; after boot, its options (see options.ts). */
  message(): Promise<string>;
  close(): Promise<void>;
}

/** "a,b,c," -> ["a", "b", "c"] */
export function fieldNames(list: string): string[] {
  return list.split(',').filter((name) => name !== '');
}

const COLUMNS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };

/**
 * "a:32,b:8,", nothing where there is no ledger. Throws a BootError if a module or twin that was compiled earlier says it
 * otherwise.
 */
export function columnFields(list: string): ColumnField[] {
  const fields = fieldNames(list).map((field) => {
    const [name = '', bits = ''] = field.split(':');
    return { name, bytes: Number(bits) / 8 };
  });
  if (!fields.every(isColumn)) {
    throw new BootError(
      `a build whose surveys have the columns "${list}": it was compiled from other sources than these; ` +
        'run make wasm native',
    );
  }
  return fields;
}

function isColumn(field: { readonly name: string; readonly bytes: number }): field is ColumnField {
  return field.bytes in COLUMNS;
}

/** Rows of so many fields, to be filled in. */
export function allocateRows(fields: readonly ColumnField[], count: number): Rows {
  const column = ({ bytes }: ColumnField) => new COLUMNS[bytes](columnMemory(bytes * count), 0, count);
  return { count, columns: fields.map(column) };
}

/** The bytes of a column. */
export function bytesIn({ buffer, byteOffset, byteLength }: Column): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** One after the other as one. */
export function joined(parts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const whole = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads a record of doubles by name. */
export function record(names: readonly string[], values: Float64Array, at: number): Record<string, number> {
  const out: Record<string, number> = {};
  names.forEach((name, i) => {
    out[name] = values[at * names.length + i]!;
  });
  return out;
}
