import type { Frame } from '../../recordings.js';

/** The live regions of one owner in one slab or extent. */
export interface OwnerThere {
  readonly name: string;
  readonly count: number;
}

/** Returns the owners of an item's live regions; none if they are unknown. */
export function ownersOf({ owners }: Frame, item: number): OwnerThere[] {
  if (owners === null) return [];
  const [from, to] = [owners.first[item], owners.first[item + 1]];
  if (from === undefined || to === undefined) return [];
  return [...owners.regions.subarray(from, to)].map((count, at) => ({
    name: owners.names[owners.owner[from + at]!]!,
    count,
  }));
}
