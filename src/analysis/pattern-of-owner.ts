/** Groups the owners of slabs by key pattern, as the report of what pins slabs does. */
import type { BuildInfo, GranuleColumns } from '../engine/index.js';
import type { PinReport } from './pins.js';
import type { SlabOwners } from './slab-owners.js';

type Pattern = Pick<PinReport['patterns'][number], 'pattern' | 'subject'>;

const NO_PATTERN = -1;

/** Returns the index of the pattern of each owner; -1 for an owner that none of the patterns has. */
function patternsOfOwners(names: readonly string[], patterns: readonly Pattern[]): Int32Array {
  const beginnings = patterns.map(({ pattern, subject }) => `${pattern ?? `(${subject})`} `);
  return Int32Array.from(names, (name) => {
    let best = NO_PATTERN;
    beginnings.forEach((beginning, index) => {
      const isLonger = best === NO_PATTERN || beginning.length > beginnings[best]!.length;
      if (isLonger && name.startsWith(beginning)) best = index;
    });
    return best;
  });
}

/** Bytes that slabs hold without use, by the pattern that keeps them. */
export interface PinnedByPattern {
  /** Free bytes in slabs that this pattern keeps alone, by the index of the pattern. */
  readonly alone: Float64Array;
  /** Free bytes in slabs that several patterns keep together. */
  readonly shared: number;
}

/** Returns which pattern keeps the free regions of pinned slabs. */
export function pinnedByPattern(
  granules: GranuleColumns,
  { pageSize, sizeClasses, smallClasses }: Pick<BuildInfo, 'pageSize' | 'sizeClasses' | 'smallClasses'>,
  owners: SlabOwners,
  patterns: readonly Pattern[],
): PinnedByPattern {
  const patternOf = patternsOfOwners(owners.names, patterns);
  const alone = new Float64Array(patterns.length);
  let shared = 0;
  for (let granule = 0; granule < granules.count; granule++) {
    const sizeClass = granules.sizeClass[granule]!;
    if (granules.live[granule] === 0 || sizeClass >= smallClasses) continue;
    const free = granules.pages[granule]! * pageSize - granules.live[granule]! * sizeClasses[sizeClass]!;
    const pattern = onlyPattern(owners, granule, patternOf);
    if (pattern === null) shared += free;
    else alone[pattern]! += free;
  }
  return { alone, shared };
}

/** Returns the pattern of all owners of a granule; null if they have several, or an unknown one. */
function onlyPattern({ first, owner }: SlabOwners, granule: number, patternOf: Int32Array): number | null {
  const from = first[granule]!;
  const pattern = patternOf[owner[from]!] ?? NO_PATTERN;
  for (let at = from + 1; at < first[granule + 1]!; at++) if (patternOf[owner[at]!] !== pattern) return null;
  return pattern === NO_PATTERN ? null : pattern;
}
