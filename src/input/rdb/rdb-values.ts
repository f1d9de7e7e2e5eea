import type { Elements } from '../elements.js';
import type { Slice } from '../slice.js';

/**
 * A key's value as the file stores it, which is how the server held it when it was saved. Slices and element objects
 * are filled anew for the next element; all of a value is gone when the next event is asked for.
 *
 * `blob` is the packed representation (listpack, ziplist, intset, zipmap) that a server loads as it is: its length is
 * what it allocates. It has been checked throughout, so walking `elements` of a blob cannot fail.
 */
export type RdbValue = RdbString | RdbList | RdbSet | RdbSortedSet | RdbHash | RdbStream | RdbModule;

export interface RdbString {
  readonly kind: 'string';
  /** `integer`: stored as a number, the bytes are its digits. A server also turns digits in `raw` into a number. */
  readonly encoding: 'raw' | 'integer' | 'lzf';
  readonly value: Slice;
}

export interface RdbPlainList {
  readonly kind: 'list';
  readonly encoding: 'linkedlist';
  readonly elements: Elements<Slice>;
}

export interface RdbPackedList {
  readonly kind: 'list';
  readonly encoding: 'ziplist';
  readonly blob: Slice;
  readonly elements: Elements<Slice>;
}

export interface RdbQuicklist {
  readonly kind: 'list';
  readonly encoding: 'quicklist';
  /** Nodes, of which some may be empty: a server leaves those out. */
  readonly nodes: Elements<RdbListNode>;
}

export type RdbList = RdbPlainList | RdbPackedList | RdbQuicklist;

export interface RdbListNode {
  /** `plain`: one large element, which is the blob. */
  readonly encoding: 'listpack' | 'ziplist' | 'plain';
  readonly blob: Slice;
  readonly elements: Elements<Slice>;
}

export interface RdbSet {
  readonly kind: 'set';
  readonly encoding: 'hashtable' | 'intset' | 'listpack';
  readonly blob: Slice | undefined;
  readonly elements: Elements<Slice>;
}

export interface RdbSortedSet {
  readonly kind: 'zset';
  readonly encoding: 'skiplist' | 'ziplist' | 'listpack';
  readonly blob: Slice | undefined;
  /** Of a skiplist from the highest score to the lowest, since Redis 4; of a blob from the lowest. */
  readonly elements: Elements<RdbScored>;
}

export interface RdbScored {
  readonly member: Slice;
  score: number;
}

export interface RdbHash {
  readonly kind: 'hash';
  /** `listpackex`: a listpack whose fields can expire. */
  readonly encoding: 'hashtable' | 'zipmap' | 'ziplist' | 'listpack' | 'listpackex';
  /** Whether fields can expire, though none need to. */
  readonly fieldsExpire: boolean;
  readonly blob: Slice | undefined;
  readonly elements: Elements<RdbField>;
}

export interface RdbField {
  readonly field: Slice;
  readonly value: Slice;
  /** Unix time in milliseconds. */
  expireAtMs: number | undefined;
}

export interface StreamId {
  ms: bigint;
  seq: bigint;
}

/** Parts in the order of the file: to reach a later one, those before it are read or skipped. */
export interface RdbStream {
  readonly kind: 'stream';
  readonly nodes: Elements<RdbStreamNode>;
  /** What stands behind the nodes; skips those not yet read. */
  tail(): RdbStreamTail;
}

export interface RdbStreamNode {
  readonly firstId: StreamId;
  /** The node's listpack. */
  readonly blob: Slice;
  /** Entries in it that are there, and that are only marked as deleted. */
  readonly live: number;
  readonly deleted: number;
  /** What its entries store values only for. */
  readonly fieldNames: readonly string[];
  /** All of them, in order. */
  readonly entries: Elements<RdbStreamEntry>;
}

export interface RdbStreamEntry {
  readonly id: StreamId;
  isDeleted: boolean;
  fields: number;
  /** Whether it has the fields that the node begins with, and thus stores values only. */
  hasNodeFields: boolean;
  /** Of the strings that it stores, in order: fields and values by turns, or values only. */
  lengths: number[];
}

export interface RdbStreamTail {
  readonly length: number;
  readonly lastId: StreamId;
  /** These three since Redis 7.0. */
  readonly firstId: StreamId | undefined;
  readonly maxDeletedId: StreamId | undefined;
  readonly entriesAdded: number | undefined;
  readonly groups: Elements<RdbStreamGroup>;
}

export interface RdbStreamGroup {
  readonly name: Slice;
  readonly lastId: StreamId;
  readonly entriesRead: number | undefined;
  readonly pending: Elements<RdbPending>;
  /** Skips what is left of `pending`. */
  consumers(): Elements<RdbConsumer>;
}

export interface RdbPending {
  readonly id: StreamId;
  deliveredAtMs: number;
  deliveries: number;
}

export interface RdbConsumer {
  readonly name: Slice;
  seenAtMs: number;
  /** Since Redis 7.2. */
  activeAtMs: number | undefined;
  /** Those of the group's pending entries that this consumer has. */
  pending: Elements<StreamId>;
}

/** A value that only its module can read: skipped, but not without a word. */
export interface RdbModule {
  readonly kind: 'module';
  readonly moduleName: string;
  /** Bytes it takes in the file. */
  readonly sizeBytes: number;
}
