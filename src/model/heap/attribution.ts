import { CommandClock, type MomentColumns, msOfCommand } from './command-clock.js';
import type { KeyPatterns } from './key-patterns.js';

/**
 * The two words of a region in AttributionTable are side by side: owner, command. A shift gives their index, since a
 * product of unsigned words would be computed in floating point for every region.
 */
export const ORIGIN_SHIFT = 1;
/** The pattern lies above the owner in its word. */
export const PATTERN_SHIFT = 10;

/** Returns the owner word of a region: tag in bits 0-9, pattern above. */
export function ownerWordOf({ words }: Pick<AttributionCopy, 'words'>, handle: number): number {
  return words[handle << ORIGIN_SHIFT]!;
}

/** Returns the command in which a region was allocated. */
export function birthOf(
  { words, command }: Pick<AttributionCopy, 'words' | 'command'>,
  handle: number,
): number {
  return wholeCommand(words[(handle << ORIGIN_SHIFT) | 1]!, command);
}

/** Returns the whole number of a command from its lower 32 bits: the last such number up to `now`. */
export function wholeCommand(word: number, now: number): number {
  return now - ((now - word) >>> 0);
}

/** Returns the time of a region's allocation in virtual milliseconds since the server's start. */
export function birthMsOf(
  origins: Pick<AttributionCopy, 'words' | 'command' | 'moments'>,
  handle: number,
): number {
  return msOfCommand(origins.moments, birthOf(origins, handle));
}

/** Returns the number of the pattern in an owner's word. */
export function patternOfWord(word: number): number {
  return word >>> PATTERN_SHIFT;
}

/** The attribution of all regions at one moment. The words of free handles mean nothing. */
export interface AttributionCopy {
  /** The two words of each region by handle: see ownerWordOf, birthOf and birthMsOf. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly moments: MomentColumns;
  /** The number of the current command. */
  readonly command: number;
  readonly sinceStartMs: number;
  /** The names of patterns, by number. */
  readonly patterns: readonly string[];
}

/**
 * Attributes each region to the pattern of the current key and to the command of its allocation, and so to a time. That
 * takes eight bytes a region more than owners alone. They are touched only to write to them (see AttributionTable).
 *
 * Commands set the current key as they look keys up and add them. The next allocations belong to it. The value of a
 * renamed key keeps its attribution, except its object and a string's text.
 */
export class Attribution {
  /** The number of the current key's pattern. */
  pattern = 0;
  /** The number of commands so far, which is the number of the current one. */
  command = 0;
  #sinceStartMs = 0;
  /** The hash of the last name. It is kept because a missing key is looked up before it is added. */
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

  /** Advances virtual time. Allocations before the next command still belong to the last one and its time. */
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
