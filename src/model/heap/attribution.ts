import { CommandClock, type MomentColumns, msOfCommand } from './command-clock.js';
import type { KeyPatterns } from './key-patterns.js';

/**
 * Two words of a region, where origins are kept, side by side as OriginTable has them: owner; command. Their place is
 * made by a shift: a product of unsigned words would be worked out in floating point, for every region.
 */
export const ORIGIN_SHIFT = 1;
/** The pattern lies above the owner in its word. */
export const PATTERN_SHIFT = 10;

/** Returns the owner word of a region: tag in bits 0-9, pattern above. */
export function ownerWordOf({ words }: Pick<AttributionCopy, 'words'>, handle: number): number {
  return words[handle << ORIGIN_SHIFT]!;
}

/** The command that a region was allocated in. */
export function birthOf(
  { words, command }: Pick<AttributionCopy, 'words' | 'command'>,
  handle: number,
): number {
  return wholeCommand(words[(handle << ORIGIN_SHIFT) | 1]!, command);
}

/** A word has the lower half of it only: it is the last such one up to `now`. */
export function wholeCommand(word: number, now: number): number {
  return now - ((now - word) >>> 0);
}

/** ... and when that was, in virtual milliseconds since the server's start. */
export function birthMsOf(
  origins: Pick<AttributionCopy, 'words' | 'command' | 'moments'>,
  handle: number,
): number {
  return msOfCommand(origins.moments, birthOf(origins, handle));
}

/** Number of the pattern in an owner's word. */
export function patternOfWord(word: number): number {
  return word >>> PATTERN_SHIFT;
}

/** The attribution of all regions at one moment. The words of free handles mean nothing. */
export interface AttributionCopy {
  /** A pair by handle: see ownerWordOf, birthOf and birthMsOf. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly moments: MomentColumns;
  /** Now. */
  readonly command: number;
  readonly sinceStartMs: number;
  /** The names of patterns, by number. */
  readonly patterns: readonly string[];
}

/**
 * Where regions come from, for whoever asks for owners: the pattern of the key that a command is working on, and of
 * every region the command in which it was allocated, and so the time. That takes eight bytes a region more than owners
 * alone, touched when there is something to write in them (see OriginTable).
 *
 * Keys are pointed at as commands look them up and add them, and what is allocated next is theirs. The value of a key
 * that is renamed stays what it was allocated for, but for its object and a string's text.
 */
export class Attribution {
  /** Number of the pattern of the key that is worked on. */
  pattern = 0;
  /** Commands so far: the number of the one that is carried out. */
  command = 0;
  #sinceStartMs = 0;
  /** The name that was looked at last, by its hash: a key that is not there is looked up before it is added. */
  #hash = 0;
  #length = -1;
  #lookedAt = -1;
  #found = 0;

  constructor(
    readonly patterns: KeyPatterns,
    readonly moments = new CommandClock(),
  ) {}

  next(): void {
    this.command++;
  }

  /** Virtual time goes by. What is allocated before the next command is still of the last one, and of its time. */
  advance(milliseconds: number): void {
    this.#sinceStartMs += milliseconds;
    this.moments.add(this.command + 1, this.#sinceStartMs);
  }

  /** Attributes the next allocations to the key of that name, whether it exists or not. */
  aimAtName(hash: number, bytes: Uint8Array, from: number, length: number): void {
    this.pattern = this.#patternOf(hash, bytes, from, length);
  }

  /** Attributes what `work` allocates to a pattern, whichever key the command works on. */
  aside<T>(pattern: number, work: () => T): T {
    const workedOn = this.pattern;
    this.pattern = pattern;
    const made = work();
    this.pattern = workedOn;
    return made;
  }

  /** Returns a copy around the words of all regions. */
  copy(words: Uint32Array<ArrayBuffer>): AttributionCopy {
    return {
      words,
      moments: this.moments.columns(),
      command: this.command,
      sinceStartMs: this.#sinceStartMs,
      patterns: [...this.patterns.names],
    };
  }

  #patternOf(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const isSame = this.#hash === hash && this.#length === length && this.#lookedAt === this.command;
    if (isSame) return this.#found;
    this.#lookedAt = this.command;
    this.#hash = hash;
    this.#length = length;
    this.#found = this.patterns.of(bytes, from, length);
    return this.#found;
  }
}
