import { Elements } from '../elements.js';
import { Slice } from '../slice.js';
import { ListpackWalker } from './listpack-reader.js';
import type { RdbStreamEntry, StreamId } from './rdb-values.js';

const DELETED = 1;
const SAME_FIELDS = 2;

export interface NodeCounts {
  readonly entries: number;
  readonly deleted: number;
}

export interface CheckedNode extends NodeCounts {
  readonly fieldNames: readonly string[];
}

/**
 * Walks the entries of a stream node, whose listpack has been checked. The listpack contains the master entry, then the
 * entries:
 *
 *     entries, deleted, fields, [field]..., 0
 *     flags, ms - node's, seq - node's, [fields, [field, value]...] or [value]..., number of listpack entries
 */
class StreamNodeWalker {
  problem: string | undefined;
  readonly counts: NodeCounts;
  readonly entry: RdbStreamEntry = {
    id: { ms: 0n, seq: 0n },
    isDeleted: false,
    fields: 0,
    hasNodeFields: false,
    lengths: [],
  };
  /** The field names of the master entry. */
  readonly fieldNames: readonly string[];
  readonly #walker: ListpackWalker;
  readonly #firstId: StreamId;
  readonly #fields: number;
  readonly #text = new Slice();

  constructor(blob: Slice, firstId: StreamId) {
    this.#walker = new ListpackWalker().begin(blob);
    this.#firstId = firstId;
    this.counts = { entries: this.#count('entries'), deleted: this.#count('deleted entries') };
    this.#fields = this.#count('fields');
    const names: string[] = [];
    this.#walk(this.#fields, (text) => names.push(text.asText()));
    this.fieldNames = names;
    if (this.#integer('the end of its fields') !== 0n) this.problem ??= 'its fields do not end with 0';
  }

  /** Reads the next entry. Returns false at the end, or with `problem` set. */
  next(): boolean {
    if (this.problem !== undefined || !this.#walker.next()) return false;
    const flags = Number(this.#walker.integer ?? -1);
    if (flags < 0 || flags > (DELETED | SAME_FIELDS)) {
      this.problem = 'an entry without flags';
      return false;
    }
    const { entry } = this;
    entry.isDeleted = (flags & DELETED) !== 0;
    entry.hasNodeFields = (flags & SAME_FIELDS) !== 0;
    entry.id.ms = BigInt.asUintN(64, this.#firstId.ms + this.#integer('the time of an entry'));
    entry.id.seq = BigInt.asUintN(64, this.#firstId.seq + this.#integer('the number of an entry'));
    entry.fields = entry.hasNodeFields ? this.#fields : this.#count('fields of an entry');
    entry.lengths.length = 0;
    this.#walk(entry.hasNodeFields ? entry.fields : entry.fields * 2, ({ length }) =>
      entry.lengths.push(length),
    );
    const parts = this.#integer("an entry's number of parts");
    const expected = entry.hasNodeFields ? 3 + entry.fields : 4 + entry.fields * 2;
    if (parts !== BigInt(expected)) this.problem ??= `an entry of ${parts} parts that has ${expected}`;
    return this.problem === undefined;
  }

  #integer(what: string): bigint {
    if (this.problem === undefined && this.#walker.next() && this.#walker.integer !== undefined) {
      return BigInt(this.#walker.integer);
    }
    this.problem ??= `no number where ${what} should be`;
    return 0n;
  }

  #count(what: string): number {
    const count = this.#integer(`the number of ${what}`);
    if (count >= 0n && count <= 0x7fffffffn) return Number(count);
    this.problem ??= `${count} ${what}`;
    return 0;
  }

  #walk(count: number, visit: (text: Slice) => void): void {
    for (let index = 0; index < count && this.problem === undefined; index++) {
      if (!this.#walker.next()) {
        this.problem = 'it ends inside an entry';
        return;
      }
      this.#walker.into(this.#text);
      visit(this.#text);
    }
  }
}

/** Returns the problem of a node, or its counts and field names. */
export function checkNode(blob: Slice, firstId: StreamId): CheckedNode | string {
  const walker = new StreamNodeWalker(blob, firstId);
  let entries = 0;
  let deleted = 0;
  while (walker.next()) {
    if (walker.entry.isDeleted) deleted++;
    else entries++;
  }
  const { counts, fieldNames, problem } = walker;
  if (problem !== undefined) return problem;
  if (counts.entries === entries && counts.deleted === deleted) return { ...counts, fieldNames };
  return `it says ${counts.entries} entries and ${counts.deleted} deleted, but has ${entries} and ${deleted}`;
}

/** Returns the entries of a checked node, with the deleted ones. */
export function nodeEntries(blob: Slice, firstId: StreamId, { entries, deleted }: NodeCounts) {
  const walker = new StreamNodeWalker(blob, firstId);
  return new Elements(entries + deleted, () => {
    walker.next();
    return walker.entry;
  });
}
