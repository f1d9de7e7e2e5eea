import { type BuildInfo, type GranuleColumns, rowOfPage } from '../engine/index.js';
import {
  type AttributionCopy,
  birthMsOf,
  birthOf,
  DATA_TYPE_NAMES,
  dataTypeOfTag,
  ownerWordOf,
  patternOfWord,
  TAG_COUNT,
} from '../model/index.js';
import { ALLOCATOR, describeOwner, patternName, type RegionOwner } from './region-owner.js';
import type { RegionsByRow } from './regions-by-row.js';

/** Since the regions were allocated. */
export interface Ages {
  readonly youngestMs: number;
  readonly meanMs: number;
  readonly oldestMs: number;
  readonly youngestCommands: number;
  readonly meanCommands: number;
  readonly oldestCommands: number;
}

export interface Pinned {
  readonly regions: number;
  /** Of these regions. */
  readonly bytes: number;
  /** Slabs (or large extents) in which at least one of these regions is live. */
  readonly slabs: number;
  /** Those of them in which there is nothing else: they would come back. */
  readonly alone: number;
  readonly aloneBytes: number;
  /** First page of a slab that is pinned, alone if there is one; `--slab` shows what is in it. */
  readonly example: number;
  /** Null for the allocator's own regions, whose birth nobody knows. */
  readonly ages: Ages | null;
}

interface OwnerPins extends RegionOwner, Pinned {
  /** Bytes of the size class. */
  readonly size: number;
  /** Who else is in the most of its slabs. */
  readonly together: readonly (RegionOwner & { readonly slabs: number })[];
}

/** All kinds and types of a key pattern as one; what is no key's by its subject. */
interface PatternPins extends Pinned {
  readonly pattern: string | null;
  readonly subject: string | null;
}

export interface PinReport {
  /** Slabs with at least one live region, and the bytes of all their pages. */
  readonly pinned: number;
  readonly pinnedBytes: number;
  /** Those in which all live regions are of one pattern, or of one size class's owner. */
  readonly pinnedByOnePattern: number;
  readonly pinnedByOneOwner: number;
  /** Largest return first. */
  readonly patterns: readonly PatternPins[];
  readonly owners: readonly OwnerPins[];
  /** What is live in the slab that was asked for; null if there is no such slab at the moment. */
  readonly slab?: SlabSurvivors | null;
}

/** One slab, or large extent, and what pins it. */
export interface SlabSurvivors {
  /** First page. */
  readonly page: number;
  readonly pages: number;
  /** Bytes of the size class. */
  readonly size: number;
  readonly live: number;
  readonly parked: number;
  readonly free: number;
  /** Virtual time since it was opened. */
  readonly openMs: number;
  readonly survivors: readonly (RegionOwner & Pick<Pinned, 'regions' | 'ages'>)[];
}

export interface PinInput {
  readonly granules: GranuleColumns;
  /** The handles, as Engine.locate places them. */
  readonly regions: RegionsByRow;
  readonly attribution: AttributionCopy;
  readonly info: Pick<BuildInfo, 'sizeClasses' | 'smallClasses' | 'pageSize'>;
  /** First page of a slab whose survivors are asked for. */
  readonly slab?: number | undefined;
  readonly virtualMs: number;
}

const TOGETHER = 3;

export function pinReport(input: PinInput): PinReport {
  const { granules, info, attribution } = input;
  const { handles, starts } = input.regions;
  const owners = new Groups(input);
  const patterns = new Groups(input);
  let pinned = 0;
  let pinnedBytes = 0;
  let pinnedByOnePattern = 0;
  let pinnedByOneOwner = 0;
  for (let row = 0; row < granules.count; row++) {
    const live = granules.live[row]!;
    if (live === 0) continue;
    const sizeClass = granules.sizeClass[row]!;
    const from = starts[row]!;
    const to = starts[row + 1]!;
    for (let at = from; at < to; at++) {
      const handle = handles[at]!;
      const word = ownerWordOf(attribution, handle);
      owners.add(word * CLASSES + sizeClass, handle);
      patterns.add(patternKey(word), handle);
    }
    // What is live there and nobody's is jemalloc's own.
    const own = live - (to - from);
    if (own > 0) {
      owners.addMany(ALLOCATOR * CLASSES + sizeClass, own);
      patterns.addMany(ALLOCATOR, own);
    }
    const byOwner = owners.endSlab(row);
    const byPattern = patterns.endSlab(row);
    if (sizeClass >= info.smallClasses) continue;
    pinned++;
    pinnedBytes += granules.pages[row]! * info.pageSize;
    if (byOwner === 1) pinnedByOneOwner++;
    if (byPattern === 1) pinnedByOnePattern++;
  }
  const ownerOf = (key: number) => describeOwner(Math.floor(key / CLASSES), attribution);
  return {
    pinned,
    pinnedBytes,
    pinnedByOnePattern,
    pinnedByOneOwner,
    patterns: patterns.all().map((group) => ({
      ...describePattern(group.key, attribution),
      ...group.pinned(attribution),
    })),
    owners: owners.all().map((group) => ({
      size: info.sizeClasses[group.key % CLASSES]!,
      ...ownerOf(group.key),
      ...group.pinned(attribution),
      together: group.mostTogether(TOGETHER).map(([other, slabs]) => ({ ...ownerOf(other.key), slabs })),
    })),
    ...(input.slab === undefined ? {} : { slab: survivorsOf(input, input.slab) }),
  };
}

function survivorsOf(input: PinInput, page: number): SlabSurvivors | null {
  const { granules, info, attribution, virtualMs } = input;
  const { handles, starts } = input.regions;
  const row = rowOfPage(granules, page);
  if (row < 0) return null;
  const groups = new Groups(input);
  const from = starts[row]!;
  const to = starts[row + 1]!;
  for (let at = from; at < to; at++) {
    groups.add(ownerWordOf(attribution, handles[at]!), handles[at]!);
  }
  const live = granules.live[row]!;
  if (live > to - from) groups.addMany(ALLOCATOR, live - (to - from));
  groups.endSlab(row);
  return {
    page,
    pages: granules.pages[row]!,
    size: info.sizeClasses[granules.sizeClass[row]!]!,
    live,
    parked: granules.parked[row]!,
    free: granules.free[row]!,
    openMs: virtualMs - granules.openedMs[row]!,
    survivors: groups
      .all()
      .map((group) => ({ ...describeOwner(group.key, attribution), ...group.pinned(attribution) }))
      .map(({ pattern, subject, kind, regions, ages }) => ({ pattern, subject, kind, regions, ages }))
      .sort((left, right) => right.regions - left.regions),
  };
}

/** jemalloc has 232 classes at most; a key of class and word is exact in a double. */
const CLASSES = 256;

/** Regions of a pattern are one, whatever they are; the others go by their subject. */
function patternKey(word: number): number {
  const pattern = patternOfWord(word);
  return pattern === 0 ? word & SUBJECT_BITS : pattern * TAG_COUNT;
}

const SUBJECT_BITS = (TAG_COUNT - 1) & ~63;

function describePattern(
  key: number,
  origins: AttributionCopy,
): { pattern: string | null; subject: string | null } {
  if (key >= TAG_COUNT) return { pattern: patternName(key / TAG_COUNT, origins), subject: null };
  return { pattern: null, subject: key === ALLOCATOR ? 'allocator' : DATA_TYPE_NAMES[dataTypeOfTag(key)] };
}

/** Regions that are one for a question, and the slabs that they are in. */
class Group {
  regions = 0;
  bytes = 0;
  slabs = 0;
  alone = 0;
  aloneBytes = 0;
  example = -1;
  readonly together = new Map<Group, number>();
  #exampleIsAlone = false;
  #aged = 0;
  #ms = 0;
  #commands = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = 0;

  constructor(readonly key: number) {}

  born(command: number, ms: number): void {
    this.#aged++;
    this.#ms += ms;
    this.#commands += command;
    if (command < this.#first) this.#first = command;
    if (command > this.#last) this.#last = command;
    if (ms < this.#firstMs) this.#firstMs = ms;
    if (ms > this.#lastMs) this.#lastMs = ms;
  }

  inSlab(page: number, bytes: number, isAlone: boolean): void {
    this.slabs++;
    if (this.example < 0 || (isAlone && !this.#exampleIsAlone)) this.example = page;
    if (!isAlone) return;
    this.#exampleIsAlone = true;
    this.alone++;
    this.aloneBytes += bytes;
  }

  pinned({ command, sinceStartMs }: AttributionCopy): Pinned {
    const { regions, bytes, slabs, alone, aloneBytes, example } = this;
    const count = this.#aged;
    const ages =
      count === 0
        ? null
        : {
            youngestMs: sinceStartMs - this.#lastMs,
            meanMs: Math.round(sinceStartMs - this.#ms / count),
            oldestMs: sinceStartMs - this.#firstMs,
            youngestCommands: command - this.#last,
            meanCommands: Math.round(command - this.#commands / count),
            oldestCommands: command - this.#first,
          };
    return { regions, bytes, slabs, alone, aloneBytes, example, ages };
  }

  mostTogether(count: number): [Group, number][] {
    return [...this.together].sort(([a, left], [b, right]) => right - left || a.key - b.key).slice(0, count);
  }
}

class Groups {
  readonly #input: PinInput;
  readonly #groups = new Map<number, Group>();
  /** Those in the slab that is gone through, each once, and how many regions each has there. */
  readonly #here = new Map<Group, number>();

  constructor(input: PinInput) {
    this.#input = input;
  }

  add(key: number, handle: number): void {
    const { attribution } = this.#input;
    const group = this.addMany(key, 1);
    group.born(birthOf(attribution, handle), birthMsOf(attribution, handle));
  }

  addMany(key: number, regions: number): Group {
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new Group(key);
      this.#groups.set(key, group);
    }
    this.#here.set(group, (this.#here.get(group) ?? 0) + regions);
    return group;
  }

  /** How many there were in the slab. */
  endSlab(row: number): number {
    const { granules, info } = this.#input;
    const page = granules.page[row]!;
    const slabBytes = granules.pages[row]! * info.pageSize;
    const regionBytes = info.sizeClasses[granules.sizeClass[row]!]!;
    const here = [...this.#here];
    for (const [group, regions] of here) {
      group.regions += regions;
      group.bytes += regions * regionBytes;
      group.inSlab(page, slabBytes, here.length === 1);
      for (const [other] of here) {
        if (other !== group) group.together.set(other, (group.together.get(other) ?? 0) + 1);
      }
    }
    this.#here.clear();
    return here.length;
  }

  all(): Group[] {
    return [...this.#groups.values()].sort(
      (left, right) => right.aloneBytes - left.aloneBytes || right.slabs - left.slabs || left.key - right.key,
    );
  }
}
