import { grown, InputError } from '../base/index.js';
import type { GranuleColumns } from '../engine/index.js';
import { type AttributionCopy, ownerWordOf } from '../model/index.js';
import { ALLOCATOR, describeOwner, ownerName } from './region-owner.js';
import type { RegionsByRow } from './regions-by-row.js';

/**
 * The owners of the live regions of each granule of a snapshot, in compressed sparse rows. Granule `g` has the entries
 * from first[g] up to, but not including, first[g + 1].
 */
export interface SlabOwners {
  /** Names of owners, by the numbers in `owner`. */
  readonly names: readonly string[];
  /** One more entry than there are granules. */
  readonly first: Uint32Array<ArrayBuffer>;
  /** Number of an owner. The owner with the most regions of a granule is its first. */
  readonly owner: Uint16Array<ArrayBuffer>;
  /** Live regions of the owner in the granule. */
  readonly regions: Uint32Array<ArrayBuffer>;
}

export interface SlabOwnersInput {
  readonly granules: Pick<GranuleColumns, 'count' | 'live'>;
  /** The allocated handles by granule. Live regions without a handle belong to the allocator. */
  readonly regions: RegionsByRow;
  readonly attribution: Pick<AttributionCopy, 'words' | 'patterns'>;
}

/** Owner numbers have 16 bits. */
const MAX_OWNERS = 1 << 16;

/** Counts the live regions of each granule by owner. The counts of a granule add up to its live regions. */
export function slabOwners({ granules, regions, attribution }: SlabOwnersInput): SlabOwners {
  const { handles, starts } = regions;
  const { names, numberOf } = numberOwners(handles, attribution);
  const first = new Uint32Array(granules.count + 1);
  const counts = new Uint32Array(names.length);
  const byMost = (a: number, b: number) => counts[b]! - counts[a]! || a - b;
  let owner = new Uint32Array(granules.count);
  let ofOwner = new Uint32Array(granules.count);
  let end = 0;
  for (let row = 0; row < granules.count; row++) {
    const from = starts[row]!;
    const to = starts[row + 1]!;
    const inSlab: number[] = [];
    const add = (number: number, count: number) => {
      if (counts[number] === 0) inSlab.push(number);
      counts[number] = counts[number]! + count;
    };
    for (let at = from; at < to; at++) {
      add(numberOf[ownerWordOf(attribution, handles[at]!)]!, 1);
    }
    const own = granules.live[row]! - (to - from);
    if (own > 0) add(numberOf[ALLOCATOR]!, own);
    if (inSlab.length > 1) inSlab.sort(byMost);
    if (end + inSlab.length > owner.length) {
      owner = grown(owner, end + inSlab.length);
      ofOwner = grown(ofOwner, end + inSlab.length);
    }
    for (const number of inSlab) {
      owner[end] = number;
      ofOwner[end++] = counts[number]!;
      counts[number] = 0;
    }
    first[row + 1] = end;
  }
  return { names, first, owner: new Uint16Array(owner.subarray(0, end)), regions: ofOwner.slice(0, end) };
}

/**
 * Returns the names of the owners of these regions and of the allocator, and the number of each owner word. Numbers
 * follow the order of the words, so an owner keeps nearly the same number from phase to phase.
 */
function numberOwners(handles: Uint32Array, origins: SlabOwnersInput['attribution']) {
  const { patterns } = origins;
  const numberOf = new Int32Array(Math.max(1, patterns.length) * WORDS_PER_PATTERN).fill(-1);
  for (const handle of handles) numberOf[ownerWordOf(origins, handle)] = 0;
  numberOf[ALLOCATOR] = 0;
  const names = new Map<string, number>();
  for (let word = 0; word < numberOf.length; word++) {
    if (numberOf[word] === -1) continue;
    const name = ownerName(describeOwner(word, { patterns }));
    const number = names.get(name) ?? names.size;
    names.set(name, number);
    numberOf[word] = number;
  }
  if (names.size > MAX_OWNERS) {
    throw new InputError(
      `regions have ${names.size} owners, of ${patterns.length} patterns of keys; a map can tell ` +
        `${MAX_OWNERS} apart: give fewer patterns`,
    );
  }
  return { names: [...names.keys()], numberOf };
}

const WORDS_PER_PATTERN = ALLOCATOR + 1;
