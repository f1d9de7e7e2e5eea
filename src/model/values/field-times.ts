import type { Try } from '../keyspace/index.js';

/** The fields of one hash that expire, in the order of their times. A field is known by its member number. */
export interface FieldTimes {
  readonly isEmpty: boolean;
  /** The requested bytes, kept up to date. */
  readonly bytes: number;
  /** Returns the requested bytes, found by a walk. */
  walkedBytes(): number;
  /** Returns the bytes that MEMORY USAGE counts. */
  usage(): number;
  add(member: number): void;
  /** Removes a field whose time was `expiry`. */
  remove(member: number, expiry: number): void;
  /** Notes that a field has another time, or another region if `isMoved`. */
  update(member: number, before: number, isMoved: boolean): void;
  /** Removes up to `count` fields whose time is over, and drops each of them. Returns how many it were. */
  expire(nowMs: number, count: number, drop: (member: number) => void): number;
  /** Returns the first time; Infinity if there is none. */
  firstMs(): number;
  /** Tries the regions in which the times are kept; those of the fields are tried with the hash. */
  defragment(attempt: Try): void;
  free(): void;
}
