/**
 * The lab's C interface (native/lab/lab.h) as TypeScript sees it, common to the WebAssembly module and the native twin. A
 * port transfers bytes and numbers; lab-engine.ts interprets them.
 */
import type { OpChunk } from '../stream/index.js';
import { columnMemory } from './column-memory.js';
import { BootError } from './engine-errors.js';
import type { Column } from './snapshot.js';

/** Results of the lab's calls, with the numbers of lab_status_t (native/lab/lab.h). */
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
  badDefrag: 13,
  unknownThread: 14,
} as const;

/** Name and width of a column of a survey. */
export interface ColumnField {
  readonly name: string;
  /** Bytes of a value. */
  readonly bytes: 1 | 2 | 4;
}

/** Properties of the compiled lab, and the fields of its records, in order. Sizes are in bytes. */
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

/** A table of `count` rows in columns, in the order of its fields in Compiled. */
export interface Rows {
  readonly count: number;
  readonly columns: readonly Column[];
}

export interface Replayed {
  readonly status: number;
  /** Index in the chunk at which the replay stopped. */
  readonly stop: number;
  /** Time of the replay without the transfer of the chunk. Not deterministic. */
  readonly elapsedMs: number;
}

/** The records of a survey. native/lab/lab.h lists the fields of each. */
export interface Surveyed {
  readonly status: number;
  /** One record of `totalFields`. */
  readonly totals: Float64Array;
  /** A record of `classFields` for each size class, small classes first. */
  readonly classes: Float64Array;
  readonly granules: Rows;
  readonly extents: Rows;
  /** Whether each region of each granule is free or held, as an index in REGION_STATES: 'free' or 'live'. */
  readonly regions: Uint8Array<ArrayBuffer>;
  /** The held regions that are parked, two words each: first page of the granule, number of the region. */
  readonly parked: Uint32Array<ArrayBuffer>;
  readonly elapsedMs: number;
}

/** The calls of the lab (native/lab/lab.h), in WebAssembly or in the native twin. */
export interface Port {
  readonly compiled: Compiled;
  /** Injects failures: see lab_refuse. */
  refuse(from: number, count: number): Promise<void>;
  /** Boots jemalloc with hook placement number `hooks`, an index in HOOK_MODES. */
  boot(hooks: number, conf: string): Promise<{ status: number; smallClasses: number }>;
  /**
   * Replays a chunk of at most LAB_CHUNK operations, from operation `from` to its end or to where the lab stops.
   * The columns are transferred when `from` is 0; later calls continue in them.
   */
  replay(chunk: OpChunk, from: number): Promise<Replayed>;
  /** Surveys the lab. Without `withRegions`, `regions` and `parked` are empty. */
  survey(withRegions?: boolean): Promise<Surveyed>;
  /** Implements Engine.locate. */
  locate(): Promise<Uint32Array<ArrayBuffer>>;
  /** Implements Engine.statistics. */
  statistics(): Promise<string>;
  /** Returns the lab's message about the last failed call; after a boot, jemalloc's options (options.ts). */
  message(): Promise<string>;
  close(): Promise<void>;
}

/** Returns the names in a list like "a,b,c,". */
export function fieldNames(list: string): string[] {
  return list.split(',').filter((name) => name !== '');
}

const COLUMNS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };

/**
 * Returns the columns in a list like "a:32,b:8,", which is empty without a ledger. Throws a BootError for a list in
 * another form, which a module or twin compiled from older sources has.
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

/** Allocates a table of `count` rows, with undefined contents. */
export function allocateRows(fields: readonly ColumnField[], count: number): Rows {
  const column = ({ bytes }: ColumnField) => new COLUMNS[bytes](columnMemory.take(bytes * count), 0, count);
  return { count, columns: fields.map(column) };
}

/** Returns a view of the bytes of a column. */
export function bytesIn({ buffer, byteOffset, byteLength }: Column): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Returns the record number `at` of records with these fields, by field name. */
export function record(names: readonly string[], values: Float64Array, at: number): Record<string, number> {
  const out: Record<string, number> = {};
  names.forEach((name, i) => {
    out[name] = values[at * names.length + i]!;
  });
  return out;
}
