import type { Slice } from '../slice.js';
import type { RdbValue } from './rdb-values.js';

export type RdbEvent = RdbStart | RdbAux | RdbResize | RdbSlot | RdbFunction | RdbEntry | RdbEnd;

export interface RdbStart {
  readonly kind: 'rdb-start';
  readonly version: number;
  /** The magic in the header. Valkey up to 8.1 has that of Redis, and the aux field `valkey-ver`. */
  readonly flavour: 'redis' | 'valkey';
}

/** A named text about the file, for example `redis-ver`, `ctime` or `used-mem`. */
export interface RdbAux {
  readonly kind: 'rdb-aux';
  readonly name: string;
  readonly value: string;
}

/** The number of keys of the database, for which a server sizes its tables before the first key. */
export interface RdbResize {
  readonly kind: 'rdb-resize';
  readonly database: number;
  readonly keys: number;
  readonly expires: number;
}

/** The same for a cluster's slot (Redis 7.4, Valkey 8). */
export interface RdbSlot {
  readonly kind: 'rdb-slot';
  readonly database: number;
  readonly slot: number;
  readonly keys: number;
  readonly expires: number;
}

/** The source of a function library. */
export interface RdbFunction {
  readonly kind: 'rdb-function';
  readonly code: Slice;
}

export interface RdbEntry {
  readonly kind: 'rdb-entry';
  readonly database: number;
  readonly key: Slice;
  /** A Unix time in milliseconds. A server drops expired keys of an RDB file, and keeps those of the base of an AOF. */
  readonly expireAtMs: number | undefined;
  /** Defined if the server had an LRU policy when it saved. */
  readonly idleSeconds: number | undefined;
  /** Defined if the server had an LFU policy when it saved. */
  readonly frequency: number | undefined;
  readonly value: RdbValue;
}

interface RdbEnd {
  readonly kind: 'rdb-end';
  readonly keys: number;
}
