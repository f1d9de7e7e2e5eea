import { GrowingMemory } from '../../base/index.js';
import type { OpWriter } from '../../stream/index.js';
import { type Attribution, ORIGIN_SHIFT, PATTERN_SHIFT, patternOfWord, wholeCommand } from './attribution.js';
import type { AllocationTimes } from './command-clock.js';
import { CANONICAL_TAG, KEPT_ARGUMENT_TAG, KEY_TAGS } from './held-tags.js';
import { isArgument, StructKind } from './struct-kind.js';
import { DataType, kindOfTag, TAG_COUNT, tagOf } from './tag.js';
import { TagTable } from './tag-table.js';

/** Marks the tags of regions that belong to a key, so that one read gives both facts. */
const SIGN = 1 << 31;
/** The bits of each given owner in its word, with SIGN for those of keys. */
const OWNER_BITS = Int32Array.from(CANONICAL_TAG, (whole) => whole | (KEY_TAGS.has(whole) ? SIGN : 0));

/** Tags whose words only `recall` writes, since a key record has pattern and command. */
const IS_REMEMBERED = Uint8Array.from({ length: TAG_COUNT }, (_, owner) =>
  kindOfTag(owner) === StructKind.keyName || owner === tagOf(StructKind.dictEntry, DataType.keys) ? 1 : 0,
);
/** Tags whose words are written lazily: those of key records, and arguments of the current command. */
const IS_KNOWN = IS_REMEMBERED.map((isRemembered, owner) => (isArgument(owner) ? 1 : isRemembered));

/**
 * The attribution of regions in two words each: tag with key pattern, and command.
 *
 * Most words are written lazily, because each write waits for memory. The current command knows its arguments, and key
 * records remember the commands of names, entries and string values (see Keyspace). Words are written when a region
 * leaves its record, or when all words are read. Words that malloc writes cost SET 7% more processor time.
 */
export class AttributionTable extends TagTable implements AllocationTimes {
  readonly #memory = new GrowingMemory('the origins of regions');
  #words = this.#memory.words;
  #records: RememberedBirths | undefined;

  constructor(readonly origins: Attribution) {
    super();
    origins.moments.serve(this);
  }

  /** Begins the table of a heap with this writer. */
  attach(_writer: OpWriter): void {}

  /** Sets what remembers the births of regions whose words are not written. */
  ask(records: RememberedBirths): void {
    this.#records = records;
  }

  override entered(handle: number, owner: number, sizeClass: number): void {
    super.entered(handle, owner, sizeClass);
    if (IS_KNOWN[owner] === 0) this.#writeNow(handle, owner);
  }

  override retag(handle: number, owner: number): void {
    const { pattern, command } = this.origins;
    if (isArgument(this.givenOwner(handle))) this.#write(handle, owner, pattern, command);
    else if (IS_REMEMBERED[owner] === 0) this.#words[handle << ORIGIN_SHIFT] = wordOf(owner, pattern);
    super.retag(handle, owner);
  }

  override argumentKept(handle: number): void {
    const kept = KEPT_ARGUMENT_TAG.get(this.givenOwner(handle));
    if (kept !== undefined) this.retag(handle, kept);
  }

  override prefetch(handle: number): number {
    const at = handle << ORIGIN_SHIFT;
    return this.prefetchString(handle) ^ (at < this.#words.length ? this.#words[at]! : 0);
  }

  /** Writes the words of a region whose birth was remembered. */
  recall(handle: number, pattern: number, command: number): void {
    this.#write(handle, this.givenOwner(handle), pattern, command);
  }

  /** Returns the pattern of a region that is neither an argument nor remembered. */
  patternOf(handle: number): number {
    return patternOfWord(this.#words[handle << ORIGIN_SHIFT]!);
  }

  /** The number of regions that there is room for. */
  get room(): number {
    return this.#words.length >>> ORIGIN_SHIFT;
  }

  /** Notes the command of each region, including freed regions whose handles have not been reused. */
  eachBirth(note: (command: number) => void): void {
    this.#records?.recallAll();
    const words = this.#words;
    const { command } = this.origins;
    for (let at = 1; at < words.length; at += 1 << ORIGIN_SHIFT) note(wholeCommand(words[at]!, command));
  }

  /** Returns the words of all regions. If `isLast`, nothing will change them, and they are not copied. */
  copy(end: number, isLast: boolean): Uint32Array<ArrayBuffer> {
    this.#records?.recallAll();
    const { command } = this.origins;
    for (let handle = 1; handle < end; handle++) {
      const owner = this.givenOwner(handle);
      if (isArgument(owner)) this.#write(handle, owner, 0, command);
    }
    const words = this.#words.subarray(0, end << ORIGIN_SHIFT);
    return isLast ? words : words.slice();
  }

  #write(handle: number, owner: number, pattern: number, command: number): void {
    const at = handle << ORIGIN_SHIFT;
    if (at >= this.#words.length) this.#makeRoom(at);
    const words = this.#words;
    words[at] = wordOf(owner, pattern);
    words[at | 1] = command;
  }

  #writeNow(handle: number, owner: number): void {
    this.#write(handle, owner, this.origins.pattern, this.origins.command);
  }

  #makeRoom(at: number): void {
    this.#memory.reach((at + (1 << ORIGIN_SHIFT)) * 4);
    this.#words = this.#memory.words;
  }
}

/** Knows the birth of regions whose words are not written. */
export interface RememberedBirths {
  /** Writes the words of all remembered births, by `recall`. */
  recallAll(): void;
}

/** Returns the word of an owner, with the pattern of the current key if the region belongs to a key. */
function wordOf(owner: number, pattern: number): number {
  const bits = OWNER_BITS[owner]!;
  return (bits & ~SIGN) | ((pattern << PATTERN_SHIFT) & (bits >> 31));
}
