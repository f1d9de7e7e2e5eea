import type { Heap } from '../heap/index.js';
import type { ValueParts } from './value-parts.js';

/** What a key holds. The numbers are kept in a column of the keyspace. */
export const ValueType = { string: 1, list: 2, set: 3, sortedSet: 4, hash: 5, stream: 6 } as const;
export type ValueType = (typeof ValueType)[keyof typeof ValueType];

/** As the TYPE command says it. */
export const TYPE_NAMES = {
  [ValueType.string]: 'string',
  [ValueType.list]: 'list',
  [ValueType.set]: 'set',
  [ValueType.sortedSet]: 'zset',
  [ValueType.hash]: 'hash',
  [ValueType.stream]: 'stream',
} as const satisfies Readonly<Record<ValueType, string>>;

/**
 * The value of one list, set, sorted set, hash or stream: all of its allocations but its robj, which belongs to the
 * keyspace. Strings have no model each: they are columns of the keyspace.
 */
export interface ValueModel {
  readonly type: ValueType;
  /** As OBJECT ENCODING says it. */
  readonly encoding: string;
  /** Elements; a key whose value has none left is deleted by the command that took the last. */
  readonly size: number;
  /** Allocations that freeing it takes, as the server estimates them (lazyfree.c: lazyfreeGetFreeEffort). */
  readonly freeEffort: number;
  /**
   * objectLogicalSize: bytes asked for of all that the value consists of, but its robj; kept up to date, so O(1). What
   * counts of each encoding is in logical-size.ts.
   */
  readonly logicalBytes: number;
  /** The same by parts, by a walk. */
  parts(): ValueParts;
  /** Prefetches what looking up members of these hashes will read. See Prefetcher. */
  prefetch?(hashes: Uint32Array, count: number): number;
  /** Frees everything in the server's order. The robj is freed next, by the caller. */
  free(heap: Heap): void;
  /** COPY: a second value, allocated in the server's order. */
  copy(heap: Heap): ValueModel;
}
