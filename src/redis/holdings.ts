import { CONTAINER_SUBJECTS } from './containers/owners.js';
import { GrowingMemory } from './growing-memory.js';
import { ORIGIN_WORDS, type Origins, type OriginsCopy, OWNER_SHIFT } from './origins.js';
import { Owner } from './owners.js';
import type { SizeClasses } from './size-classes.js';
import { kindOfOwner, OWNERS, owned, Subject, subjectOfOwner } from './subjects.js';

/**
 * Who holds what: the owner of every region, by handle. Nothing is counted as regions come and go: whoever asks what
 * memory is for pays for a walk of the words, a few milliseconds for a million regions, in the order in which they lie,
 * where sums that are kept would cost each command as much as a tenth of its time. A heap without holdings works the
 * same and is a little faster.
 *
 *     bits 0-7    size class
 *     bits 8-17   owner: struct kind and subject (subjects.ts)
 *     bits 18-31  key pattern, where origins are kept and the region is some key's (origins.ts); else 0
 *
 * Where origins are kept, two words stand behind each of these: command and virtual millisecond of the allocation. Side
 * by side, since handles come in no order, and each look at another place in memory costs as much as all the rest.
 */
export class Holdings {
  /** Keys by the type of their value. */
  readonly keys = new Float64Array(16);
  #classes: SizeClasses | undefined;
  /** By handle, `#stride` each; one that is freed is nobody's, which is owner 0. */
  readonly #memory = new GrowingMemory('the owners of regions');
  #words = this.#memory.words;
  readonly #stride: number;
  /** Where the words of all handles so far end. */
  #end = 0;

  /** `origins`: to keep, as well, which keys and which commands regions were allocated for. */
  constructor(readonly origins?: Origins) {
    this.#stride = origins === undefined ? 1 : ORIGIN_WORDS;
  }

  /** The heap that this is of tells how large its regions are. */
  attach(classes: SizeClasses): void {
    this.#classes = classes;
  }

  entered(handle: number, owner: number, sizeClass: number): void {
    const at = handle * this.#stride;
    if (at >= this.#end) this.#makeRoom(at + this.#stride);
    const cell = (CELL[owner] as number) | sizeClass;
    const { origins } = this;
    if (origins === undefined) {
      this.#words[at] = cell;
      return;
    }
    this.#words[at] = aimed(cell, origins);
    this.#words[at + 1] = origins.command;
    this.#words[at + 2] = origins.nowMs;
  }

  /** Its size class, which is all that is left of it. */
  freed(handle: number): number {
    const at = handle * this.#stride;
    const sizeClass = (this.#words[at] as number) & CLASS_MASK;
    this.#words[at] = sizeClass;
    return sizeClass;
  }

  resized(handle: number, sizeClass: number): void {
    const at = handle * this.#stride;
    const word = this.#words[at] as number;
    this.#words[at] = (word & ~CLASS_MASK) | sizeClass;
  }

  /** The region is something else's now: it keeps its age. */
  retag(handle: number, owner: number): void {
    const at = handle * this.#stride;
    const sizeClass = (this.#words[at] as number) & CLASS_MASK;
    const cell = (CELL[owner] as number) | sizeClass;
    this.#words[at] = this.origins === undefined ? cell : aimed(cell, this.origins);
  }

  classOf(handle: number): number {
    return (this.#words[handle * this.#stride] as number) & CLASS_MASK;
  }

  /** Looks at what freeing the region, and using its handle again, will look at. See Foresight. */
  foresee(handle: number): number {
    const at = handle * this.#stride;
    return at < this.#end ? (this.#words[at] as number) : 0;
  }

  /** Owner in bits 0-9, pattern behind. */
  ownerWord(handle: number): number {
    return (this.#words[handle * this.#stride] as number) >>> OWNER_SHIFT;
  }

  /** A copy that the model does not change any more. `sinceStartMs`: when that is, for the ages of regions. */
  copy(sinceStartMs = 0): HoldingsCopy {
    const sums = this.sums();
    if (this.origins === undefined) return sums;
    // As they lie: whoever asks for a few of them takes those apart.
    return { ...sums, origins: this.origins.copy(this.#words.slice(0, this.#end), sinceStartMs) };
  }

  /** Regions by size class and owner, as in the words. */
  #counts(): Uint32Array {
    const counts = new Uint32Array(OWNERS * CLASSES);
    const words = this.#words;
    const end = this.#end;
    for (let at = 0; at < end; at += this.#stride) {
      const cell = (words[at] as number) & CELL_MASK;
      counts[cell] = (counts[cell] as number) + 1;
    }
    return counts;
  }

  #makeRoom(words: number): void {
    if (this.#memory.reach(words * 4)) this.#words = this.#memory.words;
    this.#end = words;
  }

  /** As copy, without the single regions. */
  sums(): HoldingsCopy {
    const counts = this.#counts();
    const bytes = new Float64Array(OWNERS);
    const regions = new Float64Array(OWNERS);
    for (const owner of HELD) {
      for (let sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
        const count = counts[(owner << OWNER_SHIFT) | sizeClass] as number;
        if (count === 0) continue;
        regions[owner] = (regions[owner] as number) + count;
        const size = (this.#classes as SizeClasses).sizeOf(sizeClass);
        bytes[owner] = (bytes[owner] as number) + count * size;
      }
    }
    return { bytes, regions, keys: this.keys.slice() };
  }
}

/** The sums at one moment. */
export interface HoldingsCopy {
  readonly bytes: Float64Array;
  readonly regions: Float64Array;
  readonly keys: Float64Array;
  /** Every region's, where origins are kept. */
  readonly origins?: OriginsCopy;
}

const KINDS: ReadonlySet<number> = new Set(Object.values(Owner));
const CLASSES = 1 << OWNER_SHIFT;
const CLASS_MASK = CLASSES - 1;
const CELL_MASK = OWNERS * CLASSES - 1;
const PATTERN_SHIFT = 18;

/** Owners as they are given, with the subject that a kind implies where none is said. */
const WHOLE = Uint16Array.from({ length: OWNERS }, (_, owner) => owner);
for (const [kind, subject] of CONTAINER_SUBJECTS) WHOLE[kind] = owned(kind, subject);
WHOLE[Owner.valueString] = owned(Owner.valueString, Subject.string);

/** ... where their counts begin. */
const CELL = Uint32Array.from(WHOLE, (owner) => owner << OWNER_SHIFT);

/** Those that there can be. */
const HELD: readonly number[] = Array.from(WHOLE.keys()).filter(
  (owner) =>
    subjectOfOwner(owner) <= Subject.expires && KINDS.has(kindOfOwner(owner)) && WHOLE[owner] === owner,
);

/** 1 where the region is some key's: its name, its value, its entries. */
const OF_KEY = new Uint8Array(OWNERS);
for (const owner of HELD) {
  const subject = subjectOfOwner(owner);
  const isEntry = subject >= Subject.keys && kindOfOwner(owner) === Owner.dictEntry;
  const isValue = subject >= Subject.string && subject <= Subject.stream;
  if (isEntry || isValue || owner === Owner.keyName || owner === Owner.valueObject) OF_KEY[owner] = 1;
}

/** With the pattern of the key that is worked on, if the region is a key's. */
function aimed(cell: number, { pattern }: Origins): number {
  return OF_KEY[cell >>> OWNER_SHIFT] === 1 ? cell | (pattern << PATTERN_SHIFT) : cell;
}
