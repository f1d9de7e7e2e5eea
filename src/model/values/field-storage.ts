import type { Heap } from '../heap/index.js';
import type { HashTable, PartSizes } from '../keyspace/index.js';
import type { LookupKey } from './lookup-key.js';

/** The encoding of the hash that a field is copied from. */
export type FieldSource = 'listpack' | 'hash';

/** Allocates fields and values of hash tables. A member's name and value code are set before its regions are made. */
export interface FieldStorage {
  /**
   * Sets the value of a field that the table does not have, with all regions in the server's order. If the field's string
   * exists already, `made` is its handle, and the table is ready for the field. Otherwise it is 0.
   */
  add(table: HashTable, member: number, value: LookupKey, taken: number, made: number): void;
  /** Replaces the value of a field and its expiry, if it has one. Returns whether the region of the field is another. */
  replace(member: number, value: LookupKey, taken: number, expiry: number): boolean;
  /** Sets the expiry of a field; 0 removes it. Returns whether the region of the field is another. */
  setExpiry(member: number, expiry: number): boolean;
  /** Gives the region of a field room for an expiry, if it has none. Returns whether the region is another. */
  makeRoom(member: number): boolean;
  /** Gives a field a new string without room for an expiry, where fields have strings of their own. */
  setName(member: number, handle: number): void;
  /** Makes the regions of a member that is copied from another hash or from a listpack. The caller adds it to a table. */
  copyIn(member: number, from: FieldSource): void;
  /** Makes the regions of a loaded member from the strings that were read for it. The caller adds it to a table. */
  take(member: number, field: number, value: number): void;
  /** Returns the requested bytes of a member's regions. */
  bytesOf(member: number): number;
  /** Returns the bytes and the usage of a member without its entry, as MEMORY USAGE counts them. */
  partsOf(member: number): PartSizes;
  free(heap: Heap, member: number): void;
}
