import type { SlabOwners } from '../../analysis/index.js';
import type { GranuleColumns } from '../../engine/index.js';
import type { Ground, Swatch } from './legend.js';
import { categoryColours, OTHERS, PARTS } from './palette.js';

export interface OwnerColouring {
  readonly swatches: readonly Swatch[];
  readonly of: (granule: number) => number;
}

/**
 * Colours granules by their dominant owner, the one with the most regions. The owners that dominate most pages have a
 * colour each, as many as are distinguishable; the others share one.
 */
export function ownerColouring(granules: GranuleColumns, owners: SlabOwners, ground: Ground): OwnerColouring {
  const colours = categoryColours(ground);
  const pages = new Float64Array(owners.names.length);
  for (let granule = 0; granule < granules.count; granule++) {
    const owner = dominantOwner(owners, granule);
    if (owner !== null) pages[owner]! += granules.pages[granule]!;
  }
  const ranked = [...owners.names.keys()]
    .filter((owner) => pages[owner]! > 0)
    .sort((a, b) => pages[b]! - pages[a]! || a - b);
  const own = ranked.slice(0, colours.length);
  const others = own.length;
  const noOwner = others + 1;
  const swatchOf = new Uint8Array(owners.names.length).fill(others);
  own.forEach((owner, swatch) => {
    swatchOf[owner] = swatch;
  });
  return {
    swatches: [
      ...own.map((owner, index) => ({
        label: owners.names[owner]!,
        colour: colours[index]!,
        glyph: String.fromCharCode('A'.charCodeAt(0) + index),
      })),
      { label: `${ranked.length - own.length} other owners`, colour: OTHERS[ground], glyph: '*' },
      { label: 'nothing live', colour: PARTS[ground].drain, glyph: '.' },
    ],
    of: (granule) => {
      const owner = dominantOwner(owners, granule);
      return owner === null ? noOwner : swatchOf[owner]!;
    },
  };
}

function dominantOwner({ first, owner }: SlabOwners, granule: number): number | null {
  const from = first[granule]!;
  return from === first[granule + 1] ? null : owner[from]!;
}
