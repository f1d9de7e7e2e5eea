import { type GrowingMemory, grown } from '../../base/index.js';
import type { Heap } from '../heap/index.js';
import { TableElements } from '../keyspace/index.js';
import type { ByteArena } from './byte-arena.js';
import type { LookupKey } from './lookup-key.js';

/** Words of a record: a cache line. */
const RECORD_SHIFT = 4;
const RECORD = 1 << RECORD_SHIFT;
const HASH = 0;
/** Two words: the next member in the bucket, then the member's entry. */
const LINKS = 1;
const NAME = 3;
const NAME_HANDLE = 4;
const VALUE_HANDLE = 5;
const VALUE_CODE = 6;
/** The double that a sorted set's member has in place of a value; it covers two words. */
const SCORE = 3;
/** The unit of a record where the slot of a short name begins; the slot covers the remaining words. */
const TEXT_UNIT = 4;
const UNITS_SHIFT = 3;
const LONGEST_IN_RECORD = 28;
/** The bit beside the room of a value, which is at most 127 bytes. */
const EXPIRY_ROOM = 128;

/**
 * The elements of all hash tables of containers by member number: hash fields with values, set members, sorted set
 * members.
 *
 * Each element has one record, which usually contains its name. Members are accessed at random, and each further
 * place that is read may be a cache miss. All containers share the records, since separate arrays for a small table
 * would cost more than its elements. A member's number is that of its record's line in the byte arena.
 */
export class Members {
  readonly table = new TableElements(RECORD, RECORD, false);
  #words!: Uint32Array<ArrayBuffer>;
  #doubles!: Float64Array<ArrayBuffer>;
  /**
   * Levels of a sorted set member's skiplist node, which its size class does not determine. For a hash field, the room of
   * a value that lies in the field's entry, and whether the field's region has room for an expiry.
   */
  #levels = new Uint8Array(0);
  /** Expiries of hash fields by member, made longer when a field gets one. */
  #expiries = new Float64Array(0);
  readonly #contents: ByteArena;

  constructor(contents: ByteArena) {
    this.#contents = contents;
    contents.onMove((memory) => this.#share(memory));
  }

  /** Returns a new member with the name `needle`. The caller adds it to a table and makes its allocations. */
  create(needle: LookupKey): number {
    const { hash } = needle;
    const member = this.#contents.takeLine(needle);
    let name = textOf(member);
    if (needle.length <= LONGEST_IN_RECORD) this.#contents.keepAt(name, needle);
    else name = this.#contents.keep(needle);
    return this.#called(member, name, hash);
  }

  /** Returns a new member that takes over a kept string as its name. */
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
    if (member < this.#expiries.length) this.#expiries[member] = 0;
    if (member < this.#levels.length) this.#levels[member] = 0;
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

  /** Returns the slot of a member's name in the byte arena. */
  nameOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | NAME]! | 0;
  }

  /** Returns the sds of a member's name. */
  nameHandleOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | NAME_HANDLE]! | 0;
  }

  setNameHandle(member: number, handle: number): void {
    this.#words[(member << RECORD_SHIFT) | NAME_HANDLE] = handle;
  }

  /** Returns the sds of a hash value, or the skiplist node of a sorted set's member. */
  valueHandleOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | VALUE_HANDLE]! | 0;
  }

  setValueHandle(member: number, handle: number): void {
    this.#words[(member << RECORD_SHIFT) | VALUE_HANDLE] = handle;
  }

  /** Returns the value code of a hash field. */
  valueCodeOf(member: number): number {
    return this.#words[(member << RECORD_SHIFT) | VALUE_CODE]!;
  }

  setValueCode(member: number, code: number): void {
    this.#words[(member << RECORD_SHIFT) | VALUE_CODE] = code;
  }

  /** Returns the expiry of a hash field in milliseconds since 1970; 0 if it never expires. */
  expiryOf(member: number): number {
    return member < this.#expiries.length ? this.#expiries[member]! : 0;
  }

  setExpiry(member: number, atMs: number): void {
    if (member >= this.#expiries.length) {
      if (atMs === 0) return;
      const longer = new Float64Array(Math.max(64, (member + 1) * 2));
      longer.set(this.#expiries);
      this.#expiries = longer;
    }
    this.#expiries[member] = atMs;
  }

  /** Returns the score of a sorted set's member. */
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

  /** Returns the bytes that an entry has for the value in it; 0 if the value is a string of its own. */
  embeddedRoomOf(member: number): number {
    return this.#levels[member]! & ~EXPIRY_ROOM;
  }

  setEmbeddedRoom(member: number, bytes: number): void {
    this.setLevel(member, bytes);
  }

  /** Whether the region of a hash field has room for an expiry, which it may have without one. */
  hasExpiryRoom(member: number): boolean {
    return member < this.#levels.length && (this.#levels[member]! & EXPIRY_ROOM) !== 0;
  }

  setExpiryRoom(member: number): void {
    this.setLevel(member, (this.#levels[member] ?? 0) | EXPIRY_ROOM);
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
