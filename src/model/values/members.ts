import { type GrowingMemory, grown } from '../../base/index.js';
import type { Heap } from '../heap/index.js';
import { TableElements } from '../keyspace/index.js';
import type { ByteArena } from './byte-arena.js';
import type { LookupKey } from './lookup-key.js';

/** Words of a record: a cache line. */
const RECORD_SHIFT = 4;
const RECORD = 1 << RECORD_SHIFT;
const HASH = 0;
/** Next in the bucket, and the entry behind it. */
const LINKS = 1;
const NAME = 3;
const NAME_HANDLE = 4;
const VALUE_HANDLE = 5;
const VALUE_CODE = 6;
/** A double over two words: what a sorted set's member has instead of a value. */
const SCORE = 3;
/** A slot of Contents over the rest, for a name that is short enough: its unit in the record. */
const TEXT_UNIT = 4;
const UNITS_SHIFT = 3;
const LONGEST_IN_RECORD = 28;

/**
 * The elements of all hash tables that containers have, by member number: hash fields with their values, set members,
 * sorted set members. A record each, with its name in it as a rule, because a member is met at random and each place
 * that is looked at costs a wait for memory; all containers share them, since a small table of its own arrays would cost
 * more than what it holds. The number is that of the line in Contents where the record lies.
 */
export class Members {
  readonly table = new TableElements(RECORD, RECORD, false);
  #words!: Uint32Array<ArrayBuffer>;
  #doubles!: Float64Array<ArrayBuffer>;
  /** Of sorted sets' members: levels of the skiplist node, which its size class does not tell. */
  #levels = new Uint8Array(0);
  readonly #contents: ByteArena;

  constructor(contents: ByteArena) {
    this.#contents = contents;
    contents.onMove((memory) => this.#share(memory));
  }

  /** A new member called as `needle` says; its place in a table and its allocations are the caller's. */
  create(needle: LookupKey): number {
    const { hash } = needle;
    const member = this.#contents.takeLine(needle);
    let name = textOf(member);
    if (needle.length <= LONGEST_IN_RECORD) this.#contents.keepAt(name, needle);
    else name = this.#contents.keep(needle);
    return this.#called(member, name, hash);
  }

  /** A new member called as a string that is kept already and becomes the member's. */
  adopt(kept: number, hash: number): number {
    const member = this.#contents.takeLine();
    let name = kept;
    if (this.#contents.length(kept) <= LONGEST_IN_RECORD) {
      name = textOf(member);
      this.#contents.moveTo(name, kept);
    }
    return this.#called(member, name, hash);
  }

  release(member: number): void {
    const name = this.nameOf(member);
    if (name !== textOf(member)) this.#contents.release(name);
    this.#contents.giveLine(member);
  }

  #called(member: number, name: number, hash: number): number {
    this.#words[(member << RECORD_SHIFT) | HASH] = hash;
    this.#words[(member << RECORD_SHIFT) | NAME] = name;
    return member;
  }

  /** Prefetches what freeing the members' values will read. See Prefetcher. */
  prefetch(members: Uint32Array, count: number, heap: Heap): number {
    let seen = 0;
    for (let k = 0; k < count; k++) {
      const member = members[k]! | 0;
      seen ^= heap.prefetch(this.valueHandleOf(member));
    }
    return seen;
  }

  /** What it is called (in Contents). */
  nameOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | NAME]! | 0;
  }

  /** The sds that holds its name. */
  nameHandleOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | NAME_HANDLE]! | 0;
  }

  setNameHandle(member: number, handle: number): void {
    this.#words[(member << RECORD_SHIFT) | NAME_HANDLE] = handle;
  }

  /** Of a hash: the value's sds. Of a sorted set: the skiplist node. */
  valueHandleOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | VALUE_HANDLE]! | 0;
  }

  setValueHandle(member: number, handle: number): void {
    this.#words[(member << RECORD_SHIFT) | VALUE_HANDLE] = handle;
  }

  /** Of a hash: what the value says, as a value code. */
  valueCodeOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | VALUE_CODE]!;
  }

  setValueCode(member: number, code: number): void {
    this.#words[(member << RECORD_SHIFT) | VALUE_CODE] = code;
  }

  /** Of a sorted set's member. */
  scoreOf(member: number): number {
    return this.#doubles[(member << (RECORD_SHIFT - 1)) | SCORE]!;
  }

  setScore(member: number, score: number): void {
    this.#doubles[(member << (RECORD_SHIFT - 1)) | SCORE] = score;
  }

  levelOf(member: number): number {
    return this.#levels[member]!;
  }

  setLevel(member: number, level: number): void {
    this.#levels = grown(this.#levels, member + 1);
    this.#levels[member] = level;
  }

  #share({ words, doubles }: GrowingMemory): void {
    this.#words = words;
    this.#doubles = doubles;
    this.table.hashes = words.subarray(HASH);
    this.table.links = words.subarray(LINKS);
  }
}

function textOf(member: number): number {
  return ((member << UNITS_SHIFT) | TEXT_UNIT) >>> 0;
}
