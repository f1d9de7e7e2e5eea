import type { Elements } from '../elements.js';
import type { Slice } from '../slice.js';

/**
 * A key's value in the encoding of the file, which is the server's encoding at the time of saving. Slices and elements are
 * refilled for each element, and a value is valid until the next event.
 *
 * `blob` is the packed representation (listpack, ziplist, intset, zipmap), which a server loads unchanged. It has been
 * checked, so iterating over its `elements` cannot fail.
 */
export type RdbValue = RdbString | RdbList | RdbSet | RdbSortedSet | RdbHash | RdbStream | RdbModule;

export interface RdbString {
  readonly kind: 'string';
  /** `integer`: stored as a number, whose digits are the bytes. Servers also turn raw digits into numbers. */
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
  /** The nodes. Servers drop empty ones. */
  readonly nodes: Elements<RdbListNode>;
}

export type RdbList = RdbPlainList | RdbPackedList | RdbQuicklist;

export interface RdbListNode {
  /** `plain`: the blob is one large element. */
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
  /** The elements: those of a skiplist by descending score since Redis 4, those of a blob by ascending score. */
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
  /** Whether the encoding allows fields to expire. */
  readonly fieldsExpire: boolean;
  readonly blob: Slice | undefined;
  readonly elements: Elements<RdbField>;
}

export interface RdbField {
  readonly field: Slice;
  readonly value: Slice;
  /** The Unix time in milliseconds. */
  expireAtMs: number | undefined;
}

export interface StreamId {
  ms: bigint;
  seq: bigint;
}

/** A stream, whose parts are read in the order of the file. Reading a part skips the unread ones before it. */
export interface RdbStream {
  readonly kind: 'stream';
  readonly nodes: Elements<RdbStreamNode>;
  /** Returns the part after the nodes, and skips unread nodes. */
  tail(): RdbStreamTail;
}

export interface RdbStreamNode {
  readonly firstId: StreamId;
  /** The node's listpack. */
  readonly blob: Slice;
  /** The number of entries that are not deleted. */
  readonly live: number;
  /** The number of entries that are marked as deleted. */
  readonly deleted: number;
  /** The field names of the node, for which entries store only values. */
  readonly fieldNames: readonly string[];
  /** All entries, in order. */
  readonly entries: Elements<RdbStreamEntry>;
}

export interface RdbStreamEntry {
  readonly id: StreamId;
  isDeleted: boolean;
  fields: number;
  /** Whether the entry has the fields of the node, and thus stores only values. */
  hasNodeFields: boolean;
  /** The lengths of the stored strings: fields and values in turn, or only values. */
  lengths: number[];
}

export interface RdbStreamTail {
  readonly length: number;
  readonly lastId: StreamId;
  /** Defined since Redis 7.0, as are the next two. */
  readonly firstId: StreamId | undefined;
  readonly maxDeletedId: StreamId | undefined;
  readonly entriesAdded: number | undefined;
  readonly groups: Elements<RdbStreamGroup>;
  /** Reads what follows the groups, and returns the number of requests that XADD remembers (Redis 8.6). */
  seenRequests(): number;
}

export interface RdbStreamGroup {
  readonly name: Slice;
  readonly lastId: StreamId;
  readonly entriesRead: number | undefined;
  readonly pending: Elements<RdbPending>;
  /** Returns the consumers, and skips unread entries of `pending`. */
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
  /** Defined since Redis 7.2. */
  activeAtMs: number | undefined;
  /** The pending entries of the group that belong to this consumer. */
  pending: Elements<StreamId>;
}

/** A value that only its module can read. It is skipped with a warning. */
export interface RdbModule {
  readonly kind: 'module';
  readonly moduleName: string;
  /** The size of the value in the file. */
  readonly sizeBytes: number;
}
