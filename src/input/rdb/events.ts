import type { Slice } from '../slice.js';
import type { RdbValue } from './rdb-values.js';

export type RdbEvent = RdbStart | RdbAux | RdbResize | RdbSlot | RdbFunction | RdbEntry | RdbEnd;

export interface RdbStart {
  readonly kind: 'rdb-start';
  readonly version: number;
  /** By the header, which Valkey up to 8.1 shares with Redis; the aux field `valkey-ver` tells those apart. */
  readonly flavour: 'redis' | 'valkey';
}

/** A named text about the file: `redis-ver`, `ctime`, `used-mem`, … */
export interface RdbAux {
  readonly kind: 'rdb-aux';
  readonly name: string;
  readonly value: string;
}

/** How many keys the database will have, for which a server makes room before the first. */
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

/** A function library's source. */
export interface RdbFunction {
  readonly kind: 'rdb-function';
  readonly code: Slice;
}

export interface RdbEntry {
  readonly kind: 'rdb-entry';
  readonly database: number;
  readonly key: Slice;
  /** Unix time in milliseconds. A server that loads an RDB file drops what has expired; as an AOF's base it keeps it. */
  readonly expireAtMs: number | undefined;
  /** Which of the two is there depends on the server's eviction policy when it saved. */
  readonly idleSeconds: number | undefined;
  readonly frequency: number | undefined;
  readonly value: RdbValue;
}

interface RdbEnd {
  readonly kind: 'rdb-end';
  readonly keys: number;
}
