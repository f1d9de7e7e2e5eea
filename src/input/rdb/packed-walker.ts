import { wordAt } from '../../base/index.js';
import type { Slice } from '../slice.js';

/**
 * Walks a packed representation, entry by entry. `next` checks each entry before it reads it. It returns false at the
 * end, and also for damaged bytes, with `problem` set.
 */
export interface PackedWalker {
  problem: string | undefined;
  /** The offset in the blob of the current entry, for messages. */
  readonly at: number;
  /** Starts at the beginning of a blob. */
  begin(blob: Slice): this;
  /** The current entry, if it is stored as a number. */
  readonly integer: number | bigint | undefined;
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

/** Returns 64 bits, the lowest first, as a signed number. */
export function bigIntAt(bytes: Uint8Array, at: number): bigint {
  return (BigInt(wordAt(bytes, at + 4)) << 32n) | BigInt(wordAt(bytes, at) >>> 0);
}
