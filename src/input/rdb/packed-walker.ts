import type { Slice } from '../slice.js';

/**
 * Walks a packed representation, entry by entry. `next` checks each entry before it reads it. It returns false at the
 * end, and also for damaged bytes, with `problem` set.
 */
export interface PackedWalker {
  problem: string | undefined;
  /** The offset in the blob of the current entry, for messages. */
  readonly at: number;
  next(): boolean;
  /** Sets a slice to the current entry: a view of the blob, or the digits of a number. */
  into(slice: Slice): void;
}

/** Counts the entries of a blob, and thereby checks all of it. */
export function countEntries(walker: PackedWalker): number {
  let count = 0;
  while (walker.next()) count++;
  return count;
}

export function signExtend(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}
