import type { Slice } from '../slice.js';

/**
 * Walks a packed representation, entry by entry. `next` checks each entry before it is touched: false at the end, and
 * false with `problem` set where the bytes are not what they should be.
 */
export interface PackedWalker {
  problem: string | undefined;
  /** Offset in the blob of the entry that `next` stopped at, for messages. */
  readonly at: number;
  next(): boolean;
  /** The entry as bytes: a view of the blob, or the digits of a number. */
  into(slice: Slice): void;
}

/** The entries, or the problem and where. A walk of all entries is the only way to trust a blob. */
export function countEntries(walker: PackedWalker): number {
  let count = 0;
  while (walker.next()) count++;
  return count;
}

export function signExtend(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}
