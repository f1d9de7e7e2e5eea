import { grown, InputError } from '../base/index.js';
import type { GranuleColumns } from '../engine/index.js';
import { type AttributionCopy, ownerWordOf } from '../model/index.js';
import { ALLOCATOR, describeOwner, ownerName } from './region-owner.js';
import type { RegionsByRow } from './regions-by-row.js';

/** Who lives in each granule of a snapshot, as compressed rows: those of granule `g` are `first[g]` to `first[g + 1]`. */
export interface SlabOwners {
  /** What the numbers in `owner` stand for. */
  readonly names: readonly string[];
  /** As many as there are granules, and one more. */
  readonly first: Uint32Array<ArrayBuffer>;
  /** Those with the most regions first. */
  readonly owner: Uint16Array<ArrayBuffer>;
  readonly regions: Uint32Array<ArrayBuffer>;
}

export interface SlabOwnersInput {
  readonly granules: Pick<GranuleColumns, 'count' | 'live'>;
  /** Where the handles of the model lie; the other live regions are the allocator's own. */
  readonly regions: RegionsByRow;
  readonly attribution: Pick<AttributionCopy, 'words' | 'patterns'>;
}

/** The numbers of owners fit in 16 bits. */
const MOST_OWNERS = 1 << 16;

/** Every live region is counted for one owner: the regions of a row add up to what is live in its granule. */
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
    const here: number[] = [];
    const add = (number: number, count: number) => {
      if (counts[number] === 0) here.push(number);
      counts[number] = counts[number]! + count;
    };
    for (let at = from; at < to; at++) {
      add(numberOf[ownerWordOf(attribution, handles[at]!)]!, 1);
    }
    const own = granules.live[row]! - (to - from);
    if (own > 0) add(numberOf[ALLOCATOR]!, own);
    if (here.length > 1) here.sort(byMost);
    if (end + here.length > owner.length) {
      owner = grown(owner, end + here.length);
      ofOwner = grown(ofOwner, end + here.length);
    }
    for (const number of here) {
      owner[end] = number;
      ofOwner[end++] = counts[number]!;
      counts[number] = 0;
    }
    first[row + 1] = end;
  }
  return { names, first, owner: new Uint16Array(owner.subarray(0, end)), regions: ofOwner.slice(0, end) };
}

/**
 * The names of all that own one of these regions, and the allocator's own; and by word which of them it is. Ordered as
 * the words are, so that an owner keeps its place from one phase to the next, or nearly so.
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
  if (names.size > MOST_OWNERS) {
    throw new InputError(
      `regions have ${names.size} owners, of ${patterns.length} patterns of keys; a map can tell ` +
        `${MOST_OWNERS} apart: give fewer patterns`,
    );
  }
  return { names: [...names.keys()], numberOf };
}

const WORDS_PER_PATTERN = ALLOCATOR + 1;
