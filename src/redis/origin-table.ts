import { GrowingMemory } from './growing-memory.js';
import { KEPT_ARGUMENT, OF_KEY, WHOLE } from './held-owners.js';
import type { Births } from './moments.js';
import { ORIGIN_SHIFT, type Origins, PATTERN_SHIFT, wholeCommand } from './origins.js';
import { OwnerTable } from './owner-table.js';
import { Owner } from './owners.js';
import type { NoteRegions, RegionTable } from './region-table.js';
import { OWNERS, owned, Subject } from './subjects.js';

/** By owner as it is given: what its word has of it; and the sign, if the region is some key's. One read tells both. */
const SIGN = 1 << 31;
const OWNER_BITS = Int32Array.from(WHOLE, (whole) => whole | (OF_KEY.has(whole) ? SIGN : 0));

/** By owner as it is given: an argument of the command that is being carried out. */
const IS_FRESH = new Uint8Array(OWNERS);
IS_FRESH[Owner.argumentObject] = 1;
IS_FRESH[Owner.argumentString] = 1;

const STRING_OBJECT = owned(Owner.valueObject, Subject.string);

/**
 * Who regions are for, and the pattern and the command that each comes from: a cell as an OwnerTable has it, and two
 * words.
 *
 * A command that overwrites a string touches two regions of the old value and two of the new one, all of them far from
 * everything else, and each such place in memory is a wait. So nothing is written of arguments while their command goes
 * on: it is known which one that is. Nor of those that become a string: the key's record, which is at hand, remembers
 * their command (see Keyspace). Their words are written when they leave the record, or somebody wants to see all words.
 */
export class OriginTable implements RegionTable, Births {
  readonly #origins: Origins;
  readonly #owners = new OwnerTable();
  readonly #memory = new GrowingMemory('the origins of regions');
  #words = this.#memory.words;
  #records: RememberedBirths | undefined;

  constructor(origins: Origins) {
    this.#origins = origins;
    origins.moments.serve(this);
  }

  /** What else there is that knows where regions come from. */
  ask(records: RememberedBirths): void {
    this.#records = records;
  }

  entered(handle: number, owner: number, sizeClass: number): void {
    this.#owners.entered(handle, owner, sizeClass);
    if (IS_FRESH[owner] === 0) this.#write(handle, owner, this.#origins.pattern, this.#origins.command);
  }

  resized(handle: number, sizeClass: number): void {
    this.#owners.resized(handle, sizeClass);
  }

  retag(handle: number, owner: number): void {
    const { pattern, command } = this.#origins;
    if (this.#isFresh(handle)) this.#write(handle, owner, pattern, command);
    else this.#words[handle << ORIGIN_SHIFT] = wordOf(owner, pattern);
    this.#owners.retag(handle, owner);
  }

  argumentKept(handle: number): void {
    const kept = KEPT_ARGUMENT.get(this.#owners.givenOwner(handle));
    if (kept !== undefined) this.retag(handle, kept);
  }

  /**
   * As retag, of what a string consists of (`text`: 0 if it is embedded), if all of that are arguments of the command
   * that goes on; else false, and nothing is changed. The caller remembers the command and the pattern until `recall`.
   */
  retagUnwritten(object: number, text: number): boolean {
    if (!this.#isFresh(object)) return false;
    if (text !== 0) {
      if (!this.#isFresh(text)) return false;
      this.#owners.retag(text, Owner.valueString);
    }
    this.#owners.retag(object, STRING_OBJECT);
    return true;
  }

  /** Of a region that `retagUnwritten` left: now its words are written. */
  recall(handle: number, pattern: number, command: number): void {
    this.#write(handle, this.#owners.owner(handle), pattern, command);
  }

  classOf(handle: number): number {
    return this.#owners.classOf(handle);
  }

  foresee(handle: number): number {
    return this.#owners.foresee(handle);
  }

  owner(handle: number): number {
    return this.#owners.owner(handle);
  }

  /** Of a region that is neither an argument nor (part of) a string. */
  patternOf(handle: number): number {
    return (this.#words[handle << ORIGIN_SHIFT] as number) >>> PATTERN_SHIFT;
  }

  count(end: number, free: Uint32Array, note: NoteRegions): void {
    this.#owners.count(end, free, note);
  }

  /** Regions that there is room for. */
  get room(): number {
    return this.#words.length >>> ORIGIN_SHIFT;
  }

  /** With those of regions that are gone and whose handles have not been used again. */
  eachBirth(note: (command: number) => void): void {
    this.#records?.recallAll();
    const words = this.#words;
    const { command } = this.#origins;
    for (let at = 1; at < words.length; at += 1 << ORIGIN_SHIFT)
      note(wholeCommand(words[at] as number, command));
  }

  /** As they lie: whoever asks for a few of them takes those apart. `isLast`: nothing will be changed any more. */
  copy(end: number, isLast: boolean): Uint32Array<ArrayBuffer> {
    this.#records?.recallAll();
    const { command } = this.#origins;
    for (let handle = 1; handle < end; handle++) {
      if (this.#isFresh(handle)) this.#write(handle, this.#owners.givenOwner(handle), 0, command);
    }
    const words = this.#words.subarray(0, end << ORIGIN_SHIFT);
    return isLast ? words : words.slice();
  }

  #isFresh(handle: number): boolean {
    return IS_FRESH[this.#owners.givenOwner(handle)] !== 0;
  }

  #write(handle: number, owner: number, pattern: number, command: number): void {
    const at = handle << ORIGIN_SHIFT;
    if (at >= this.#words.length) this.#makeRoom(at);
    const words = this.#words;
    words[at] = wordOf(owner, pattern);
    words[at | 1] = command;
  }

  #makeRoom(at: number): void {
    this.#memory.reach((at + (1 << ORIGIN_SHIFT)) * 4);
    this.#words = this.#memory.words;
  }
}

/** Knows the birth of regions whose words are not written. */
export interface RememberedBirths {
  /** Has them all written, by `recall`. */
  recallAll(): void;
}

/** With the pattern of the key that is worked on, if the region is a key's. */
function wordOf(owner: number, pattern: number): number {
  const bits = OWNER_BITS[owner] as number;
  return (bits & ~SIGN) | ((pattern << PATTERN_SHIFT) & (bits >> 31));
}
