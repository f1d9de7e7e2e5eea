/** The owners of the regions of a recorded program, and how long the regions of each live. */
import { type Lifetime, RECORDED, readableName } from '../analysis/index.js';
import { GrowingMemory } from '../base/index.js';
import type { BuildInfo } from '../engine/index.js';
import { type AttributionCopy, CommandClock, TAG_COUNT } from '../model/index.js';
import { endsRegion, Kind, MAX_HANDLE, makesRegion, type OpChunk, type OpsNames } from '../stream/index.js';
import type { AccountsCopy, PhaseCopies } from './run-accounts.js';
import { TraceGroups, type TraceGroupsOptions } from './trace-groups.js';

export interface TraceAccountsOptions extends TraceGroupsOptions {
  /** First page of the slab whose survivors a report lists. */
  readonly slab?: number | undefined;
}

/** Words of a region: its owner word, and the number and time of the operation that made it; then its size class. */
const WORDS = 4;
const BUCKETS = 33;

/** Counts of the regions of a group and size class. */
interface Tally {
  allocations: number;
  frees: number;
  ms: number;
  /** Frees by the binary logarithm of the operations between. */
  readonly byAge: Float64Array;
}

/**
 * Follows the operations of a recorded program as they are read, ahead of the replay. A copy is made at the end of each
 * phase, and kept until the replay reaches it.
 */
export class TraceAccounts implements PhaseCopies {
  readonly hasOwners = true;
  readonly slab: number | undefined;
  readonly #options: TraceAccountsOptions;
  readonly #memory = new GrowingMemory('the owners of regions');
  readonly #clock = new CommandClock();
  /** Copies in the order of their phases, whose names may repeat. */
  readonly #waiting: { readonly phase: string; readonly copy: AccountsCopy }[] = [];
  readonly #tallies = new Map<number, Tally>();
  #groups: TraceGroups | undefined;
  #classes: SizeClassTable | undefined;
  #handlesEnd = 0;
  #position = 0;
  #ms = 0;
  #thread = 0;

  constructor(options: TraceAccountsOptions) {
    this.#options = options;
    this.slab = options.slab;
  }

  /** Begins with the names of a file's owner tags, and the size classes of a build. */
  begin({ owners }: OpsNames, build: ClassesOfBuild): void {
    this.#groups = new TraceGroups(owners, this.#options);
    this.#classes = new SizeClassTable(build);
    this.#clock.serve({
      room: 0,
      eachBirth: (note) => {
        const { words } = this.#memory;
        for (let handle = 0; handle < this.#handlesEnd; handle++) {
          if (words[handle * WORDS] !== 0) note(this.#numberOf(words[handle * WORDS + 1]!));
        }
      },
    });
  }

  /** Follows a chunk. Copies are made at its sweeps. */
  follow({ length, what, handle, size }: OpChunk, phases: readonly string[]): void {
    for (let at = 0; at < length; at++) {
      const kind = what[at]! & 0xff;
      const tag = what[at]! >>> 8;
      if (kind > Kind.aligned) {
        this.#allocated(handle[at]!, this.#classes!.reached(size[at]!, 2 ** (kind - Kind.aligned)), tag);
      } else if (makesRegion(kind)) this.#allocated(handle[at]!, size[at]!, tag);
      else if (endsRegion(kind)) this.#freed(handle[at]!);
      switch (kind) {
        case Kind.realloc:
        case Kind.rallocx:
          this.#freed(handle[at]!);
          this.#allocated(handle[at]!, size[at]!, tag);
          break;
        case Kind.thread:
          this.#thread = size[at]!;
          break;
        case Kind.advance:
          this.#ms += size[at]!;
          this.#clock.add(this.#position + 1, this.#ms);
          break;
        case Kind.sweep:
          this.copyAt(phases[size[at]!] ?? `phase-${size[at]}`);
          break;
      }
      this.#position++;
    }
  }

  copyAt(phase: string): void {
    const copy = {
      attribution: this.#attribution(),
      tally: undefined,
      ofTrace: { by: this.#options.by, lifetimes: this.#lifetimes() },
    };
    this.#waiting.push({ phase, copy });
  }

  takeCopy(phase: string): AccountsCopy | undefined {
    return this.#waiting[0]?.phase === phase ? this.#waiting.shift()!.copy : undefined;
  }

  /** Returns a sentence on call sites beyond the limit of groups, if there are any. */
  notes(): string[] {
    const left = this.#groups?.left ?? 0;
    return left === 0
      ? []
      : [`${left} further call sites are grouped as (other call sites); choose another --owner-frame`];
  }

  #allocated(handle: number, size: number, tag: number): void {
    const group = this.#groups!.of(tag, this.#thread);
    // The engine refuses a larger handle by its number.
    if (handle > MAX_HANDLE) return;
    if (handle >= this.#handlesEnd) {
      this.#handlesEnd = handle + 1;
      this.#memory.reach(this.#handlesEnd * WORDS * 4);
    }
    const { words } = this.#memory;
    const at = handle * WORDS;
    const sizeClass = this.#classes!.of(size);
    words[at] = group * TAG_COUNT + RECORDED;
    words[at + 1] = this.#position;
    words[at + 2] = this.#ms;
    words[at + 3] = sizeClass;
    this.#tallyOf(group, sizeClass).allocations++;
  }

  /** Notes a free. An unknown handle is left to the engine, which names it. */
  #freed(handle: number): void {
    const { words } = this.#memory;
    const at = handle * WORDS;
    if (handle >= this.#handlesEnd || words[at] === 0) return;
    const tally = this.#tallyOf(Math.floor(words[at]! / TAG_COUNT), words[at + 3]!);
    const operations = (this.#position - words[at + 1]!) >>> 0;
    tally.frees++;
    tally.ms += this.#ms - words[at + 2]!;
    const bucket = 32 - Math.clz32(operations);
    tally.byAge[bucket] = tally.byAge[bucket]! + 1;
    words[at] = 0;
  }

  #tallyOf(group: number, sizeClass: number): Tally {
    const key = group * CLASSES + sizeClass;
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      tally = { allocations: 0, frees: 0, ms: 0, byAge: new Float64Array(BUCKETS) };
      this.#tallies.set(key, tally);
    }
    return tally;
  }

  #attribution(): AttributionCopy {
    const { words } = this.#memory;
    const copy = new Uint32Array(this.#handlesEnd * 2);
    for (let handle = 0; handle < this.#handlesEnd; handle++) {
      copy[handle * 2] = words[handle * WORDS]!;
      copy[handle * 2 + 1] = words[handle * WORDS + 1]!;
    }
    return {
      words: copy,
      moments: this.#clock.columns(),
      command: this.#position,
      sinceStartMs: this.#ms,
      patterns: [...this.#groups!.names],
    };
  }

  /** Returns the whole number of an operation from its lower 32 bits. */
  #numberOf(word: number): number {
    return this.#position - ((this.#position - word) >>> 0);
  }

  #lifetimes(): Lifetime[] {
    const { names } = this.#groups!;
    return [...this.#tallies].map(([key, { allocations, frees, ms, byAge }]) => ({
      size: this.#classes!.sizes[key % CLASSES]!,
      pattern: readableName(names[Math.floor(key / CLASSES)]!),
      allocations,
      frees,
      medianOperations: frees === 0 ? null : medianOf(byAge, frees),
      meanMs: frees === 0 ? null : Math.round(ms / frees),
    }));
  }
}

/** A bound of the number of size classes. */
const CLASSES = 256;

/** Returns the power of two up to which half of the regions lived. */
function medianOf(byAge: Float64Array, frees: number): number {
  let sum = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    sum += byAge[bucket]!;
    if (sum * 2 >= frees) return 2 ** bucket;
  }
  return 2 ** BUCKETS;
}

type ClassesOfBuild = Pick<BuildInfo, 'sizeClasses' | 'smallClasses' | 'pageSize'>;

/** Finds the size class of a size, small ones in a table. */
class SizeClassTable {
  readonly sizes: readonly number[];
  readonly #small: Uint8Array;
  readonly #build: ClassesOfBuild;

  constructor(build: ClassesOfBuild) {
    const sizes = build.sizeClasses;
    this.sizes = sizes;
    this.#build = build;
    let sizeClass = 0;
    this.#small = Uint8Array.from({ length: 4097 }, (_, size) => {
      if (size > sizes[sizeClass]!) sizeClass++;
      return sizeClass;
    });
  }

  /** Returns a size in the class that an aligned allocation has. */
  reached(size: number, alignment: number): number {
    const { smallClasses, pageSize } = this.#build;
    const multiple = Math.ceil(size / alignment) * alignment;
    if (alignment <= pageSize && multiple <= this.sizes[smallClasses - 1]!) return multiple;
    return Math.max(size, this.sizes[smallClasses]!);
  }

  of(size: number): number {
    if (size <= 4096) return this.#small[size]!;
    let low = this.#small[4096]!;
    let high = this.sizes.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sizes[middle]! < size) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
