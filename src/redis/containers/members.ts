import { grown, NumberPool } from '../../trace/index.js';
import { TableElements } from '../hash-table.js';
import type { Contents } from './contents.js';
import type { Needle } from './needle.js';

/**
 * The elements of all hash tables that containers have, as columns by member number: hash fields with their values,
 * set members, sorted set members. Columns shared by all containers, since a small table of its own arrays would cost
 * more than what it holds.
 */
export class Members {
  readonly table = new TableElements();
  /** What it is called (in Contents). */
  name = new Uint32Array(16);
  /** The sds that holds it. */
  nameHandle = new Uint32Array(16);
  /** Of a hash: the value's sds. Of a sorted set: the skiplist node. */
  valueHandle = new Uint32Array(16);
  /** Of a hash: what the value says, as a value code. Of a sorted set: the levels of the skiplist node. */
  value = new Uint32Array(16);
  /** Of a sorted set. */
  score = new Float64Array(16);
  readonly #numbers = new NumberPool(1, 0x0fffffff, 'members of containers');
  readonly #contents: Contents;

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  /** A new member called as `needle` says; its place in a table and its allocations are the caller's. */
  create(needle: Needle): number {
    return this.adopt(this.#contents.keep(needle), needle.hash);
  }

  /** A new member called as a string that is kept already and becomes the member's. */
  adopt(name: number, hash: number): number {
    const member = this.#numbers.take();
    if (member >= this.name.length) this.#reach(member);
    this.table.setHash(member, hash);
    this.name[member] = name;
    return member;
  }

  release(member: number): void {
    this.#contents.release(this.name[member] as number);
    this.#numbers.give(member);
  }

  #reach(member: number): void {
    this.name = grown(this.name, member + 1);
    const { length } = this.name;
    this.nameHandle = grown(this.nameHandle, length);
    this.valueHandle = grown(this.valueHandle, length);
    this.value = grown(this.value, length);
    this.table.reach(length - 1);
    const scores = new Float64Array(length);
    scores.set(this.score);
    this.score = scores;
  }
}
