import type { Heap } from '../heap/index.js';
import type { Try } from './defrag-scan.js';
import type { ValueParts } from './value-parts.js';

/** The types of a key's value. A column of the keyspace keeps the numbers. */
export const ValueType = { string: 1, list: 2, set: 3, sortedSet: 4, hash: 5, stream: 6 } as const;
export type ValueType = (typeof ValueType)[keyof typeof ValueType];

/** The names of the types in replies to the TYPE command. */
export const TYPE_NAMES = {
  [ValueType.string]: 'string',
  [ValueType.list]: 'list',
  [ValueType.set]: 'set',
  [ValueType.sortedSet]: 'zset',
  [ValueType.hash]: 'hash',
  [ValueType.stream]: 'stream',
} as const satisfies Readonly<Record<ValueType, string>>;

/**
 * The value of one list, set, sorted set, hash or stream, with all its allocations except the robj, which belongs to
 * the keyspace. Strings have no models, since they are columns of the keyspace.
 */
export interface ValueModel {
  readonly type: ValueType;
  /** The encoding in the words of OBJECT ENCODING. */
  readonly encoding: string;
  /** The number of elements; the command that takes the last one deletes the key. */
  readonly size: number;
  /** The server's estimate of the allocations to free (lazyfree.c: lazyfreeGetFreeEffort). */
  readonly freeEffort: number;
  /** Whether any of its fields expires, if it is a hash. */
  readonly hasExpiries?: boolean;
  /** Returns the first time at which a field expires, in milliseconds since 1970; Infinity if there is none. */
  readonly firstExpiryMs?: number;
  /**
   * objectLogicalSize: the requested bytes of all parts of the value except its robj, kept up to date and so in O(1).
   * The parts that count in each encoding are listed in logical-size.ts.
   */
  readonly logicalBytes: number;
  /** Walks the value and returns its sizes by parts. */
  parts(): ValueParts;
  /** Prefetches what looking up members of these hashes will read. See Prefetcher. */
  prefetch?(hashes: Uint32Array, count: number): number;
  /** The count by which active defragmentation finds values big: of elements, list nodes, or keys of a stream. */
  readonly scanLength: number;
  /** Tries all regions of the value except its robj, in the order of active defragmentation. */
  defragment(attempt: Try): void;
  /** Tries the regions of a big value that are not left for later. */
  defragmentFrame(attempt: Try): void;
  /** Tries the regions that were left, from a cursor on (at first 0). Returns the next cursor; 0 after the last. */
  defragmentSome(cursor: number, attempt: Try): number;
  /** Frees everything in the server's order. The caller frees the robj next. */
  free(heap: Heap): void;
  /** COPY: returns a second value, allocated in the server's order. It may call `makeObject` between its allocations. */
  copy(heap: Heap, makeObject?: () => void): ValueModel;
}
