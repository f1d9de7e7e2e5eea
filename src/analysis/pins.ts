/**
 * Finds who pins slabs. It combines the places of regions (from the engine) with their attribution (from the model), both
 * of one moment. For each owner it counts the slabs that would drain without its regions.
 */
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
import type { BigKey, KeyCounts, KeyTally } from './key-tally.js';
import { ALLOCATOR, describeOwner, patternName, type RegionOwner } from './region-owner.js';
import type { RegionsByRow } from './regions-by-row.js';

/** Ages of regions since their allocation, in virtual time and in commands. */
export interface Ages {
  readonly youngestMs: number;
  readonly meanMs: number;
  readonly oldestMs: number;
  readonly youngestCommands: number;
  readonly meanCommands: number;
  readonly oldestCommands: number;
}

/** Live regions that are grouped together, and the granules that they pin. */
export interface Pinned {
  readonly regions: number;
  /** Bytes of these regions. */
  readonly bytes: number;
  /** Slabs and large extents in which at least one of these regions is live. */
  readonly slabs: number;
  /** Slabs and large extents without other live regions: freeing these regions would drain them. */
  readonly alone: number;
  readonly aloneBytes: number;
  /** First page of a pinned granule, if possible of one pinned by these regions alone. `--slab` accepts it. */
  readonly example: number;
  /** Null for the allocator's own regions, whose time of allocation is not recorded. */
  readonly ages: Ages | null;
}

interface OwnerPins extends RegionOwner, Pinned {
  /** Bytes of the size class. */
  readonly size: number;
  /** The other owners that are in most of its slabs, and the number of those slabs. */
  readonly together: readonly (RegionOwner & { readonly slabs: number })[];
}

/** The regions of a key pattern, of all struct kinds; or those of a subject that belong to no key. */
interface PatternPins extends Pinned {
  readonly pattern: string | null;
  readonly subject: string | null;
  /** The keys of the pattern, if they were counted; absent for a subject. */
  readonly keys?: KeyCounts;
}

export interface PinReport {
  /** Slabs with at least one live region, and the bytes of all their pages. */
  readonly pinned: number;
  readonly pinnedBytes: number;
  /** Pinned slabs whose live regions all have one pattern, or one owner. */
  readonly pinnedByOnePattern: number;
  readonly pinnedByOneOwner: number;
  /** Both lists have those with the most `aloneBytes` first. */
  readonly patterns: readonly PatternPins[];
  readonly owners: readonly OwnerPins[];
  /** The biggest keys, if keys were counted. */
  readonly biggest?: readonly BigKey[];
  /** The survivors of the requested slab; null if it is not open, absent if none was requested. */
  readonly slab?: SlabSurvivors | null;
  /** The grouping of a recorded program's regions, whose groups are in place of patterns of keys. */
  readonly by?: 'site' | 'thread';
  /** The lifetimes of a recorded program's regions. */
  readonly lifetimes?: readonly Lifetime[];
}

/** The regions of a group of a recorded program in one size class, from its beginning on. */
export interface Lifetime {
  /** Bytes of the size class. */
  readonly size: number;
  readonly pattern: string;
  readonly allocations: number;
  readonly frees: number;
  /** A power of two: half of the freed regions lived for at most so many operations. Null if none was freed. */
  readonly medianOperations: number | null;
  readonly meanMs: number | null;
}

/** The live regions of one slab or large extent. */
export interface SlabSurvivors {
  /** First page. */
  readonly page: number;
  readonly pages: number;
  /** Bytes of the size class. */
  readonly size: number;
  readonly live: number;
  readonly parked: number;
  readonly free: number;
  /** Virtual milliseconds since the granule was opened. */
  readonly openMs: number;
  readonly survivors: readonly (RegionOwner & Pick<Pinned, 'regions' | 'ages'>)[];
}

export interface PinInput {
  readonly granules: GranuleColumns;
  /** The allocated handles by granule, from Engine.locate. */
  readonly regions: RegionsByRow;
  readonly attribution: AttributionCopy;
  readonly info: Pick<BuildInfo, 'sizeClasses' | 'smallClasses' | 'pageSize'>;
  /** The keys at that moment, if they were counted. */
  readonly tally?: KeyTally | undefined;
  /** First page of the slab whose survivors are requested. */
  readonly slab?: number | undefined;
  readonly virtualMs: number;
}

const MAX_TOGETHER = 3;

/** Groups all live regions by owner and by key pattern, and counts the slabs that each group pins. */
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
    // Live regions without a handle belong to jemalloc itself.
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
      ...keysOf(group.key, input.tally),
    })),
    owners: owners.all().map((group) => ({
      size: info.sizeClasses[group.key % CLASSES]!,
      ...ownerOf(group.key),
      ...group.pinned(attribution),
      together: group.mostTogether(MAX_TOGETHER).map(([other, slabs]) => ({ ...ownerOf(other.key), slabs })),
    })),
    ...(input.tally === undefined ? {} : { biggest: input.tally.biggest }),
    ...(input.slab === undefined ? {} : { slab: survivorsOf(input, input.slab) }),
  };
}

const NO_KEYS: KeyCounts = { count: 0, expiring: 0, soonestMs: null, latestMs: null };

/** Returns the keys of a pattern. Those of a deleted key may live on, so a pattern may have none. */
function keysOf(key: number, tally: KeyTally | undefined): Pick<PatternPins, 'keys'> {
  if (tally === undefined || key < TAG_COUNT) return {};
  const { count, expiring, soonestMs, latestMs } = tally.byPattern.get(key / TAG_COUNT) ?? NO_KEYS;
  return { keys: { count, expiring, soonestMs, latestMs } };
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

/** A bound of the number of size classes: jemalloc has at most 232. Keys of class and owner word are exact in a double. */
const CLASSES = 256;

/** Returns the group of an owner word: its key pattern; its subject if it belongs to no key. */
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

/** Sums up live regions with the same key, and the granules that contain them. */
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

  addBirth(command: number, ms: number): void {
    this.#aged++;
    this.#ms += ms;
    this.#commands += command;
    if (command < this.#first) this.#first = command;
    if (command > this.#last) this.#last = command;
    if (ms < this.#firstMs) this.#firstMs = ms;
    if (ms > this.#lastMs) this.#lastMs = ms;
  }

  addSlab(page: number, bytes: number, isAlone: boolean): void {
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
  /** The groups with regions in the current granule, and the number of those regions. */
  readonly #inSlab = new Map<Group, number>();

  constructor(input: PinInput) {
    this.#input = input;
  }

  add(key: number, handle: number): void {
    const { attribution } = this.#input;
    const group = this.addMany(key, 1);
    group.addBirth(birthOf(attribution, handle), birthMsOf(attribution, handle));
  }

  addMany(key: number, regions: number): Group {
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new Group(key);
      this.#groups.set(key, group);
    }
    this.#inSlab.set(group, (this.#inSlab.get(group) ?? 0) + regions);
    return group;
  }

  /** Ends the current granule, which is row `row`. Returns the number of groups in it. */
  endSlab(row: number): number {
    const { granules, info } = this.#input;
    const page = granules.page[row]!;
    const slabBytes = granules.pages[row]! * info.pageSize;
    const regionBytes = info.sizeClasses[granules.sizeClass[row]!]!;
    const inSlab = [...this.#inSlab];
    for (const [group, regions] of inSlab) {
      group.regions += regions;
      group.bytes += regions * regionBytes;
      group.addSlab(page, slabBytes, inSlab.length === 1);
      for (const [other] of inSlab) {
        if (other !== group) group.together.set(other, (group.together.get(other) ?? 0) + 1);
      }
    }
    this.#inSlab.clear();
    return inSlab.length;
  }

  all(): Group[] {
    return [...this.#groups.values()].sort(
      (left, right) => right.aloneBytes - left.aloneBytes || right.slabs - left.slabs || left.key - right.key,
    );
  }
}
