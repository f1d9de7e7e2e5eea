import type { Command } from './command.js';

const BUCKETS = 1024;

/** Finds commands by the bytes of argument 0, without a string for each look-up. */
export class CommandIndex<Entry extends { readonly name: string }> {
  readonly #buckets: Entry[][] = Array.from({ length: BUCKETS }, () => []);
  #last: Entry | undefined;

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) this.#buckets[hashOfName(entry.name)]?.push(entry);
  }

  /** Returns the entry of the command that argument 0 names, in either case. */
  find({ bytes, start, length }: Command): Entry | undefined {
    const from = start[0]!;
    const count = length[0]!;
    // Streams repeat commands: most look-ups end here.
    if (this.#last !== undefined && isName(this.#last.name, bytes, from, count)) return this.#last;
    let hash = count;
    for (let at = from; at < from + count; at++) {
      hash = (hash * 31 + (bytes[at]! | 0x20)) & (BUCKETS - 1);
    }
    for (const entry of this.#buckets[hash]!) {
      if (!isName(entry.name, bytes, from, count)) continue;
      this.#last = entry;
      return entry;
    }
    return undefined;
  }
}

function hashOfName(name: string): number {
  let hash = name.length;
  for (let at = 0; at < name.length; at++) hash = (hash * 31 + (name.charCodeAt(at) | 0x20)) & (BUCKETS - 1);
  return hash;
}

function isName(name: string, bytes: Uint8Array, from: number, count: number): boolean {
  if (name.length !== count) return false;
  for (let at = 0; at < count; at++) {
    const byte = bytes[from + at]!;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== name.charCodeAt(at)) return false;
  }
  return true;
}
