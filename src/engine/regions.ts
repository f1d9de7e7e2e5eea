/** Assembles the states of all regions, from the slabs' bitmaps and the contents of tcaches. */
import type { BuildInfo } from './engine.js';
import { ReconciliationError } from './engine-errors.js';
import type { Surveyed } from './port.js';
import { type GranuleColumns, REGION_STATES, type RegionColumns, rowOfPage } from './snapshot.js';

const PARKED = REGION_STATES.indexOf('parked');
const LIVE = REGION_STATES.indexOf('live');

/** Returns the region columns. `regions` becomes their column `states`, in which the parked regions are marked. */
export function regionColumns(
  granules: GranuleColumns,
  { regions: states, parked }: Pick<Surveyed, 'regions' | 'parked'>,
  { smallClasses, regionsPerSlab }: Pick<BuildInfo, 'smallClasses' | 'regionsPerSlab'>,
): RegionColumns {
  const first = new Uint32Array(granules.count + 1);
  for (let row = 0; row < granules.count; row++) {
    const sizeClass = granules.sizeClass[row]!;
    const regions = sizeClass < smallClasses ? regionsPerSlab[sizeClass]! : 1;
    first[row + 1] = first[row]! + regions;
  }
  for (let at = 0; at < parked.length; at += 2) {
    const page = parked[at]!;
    const region = parked[at + 1]!;
    const index = first[rowOfPage(granules, page)]! + region;
    // A region in two tcaches, or in one and free in the bitmap, is not visible in the sums of its slab.
    if (states[index] !== LIVE) {
      throw new ReconciliationError(
        `a tcache holds region ${region} of the slab at page ${page}, which is ${REGION_STATES[states[index]!]}`,
      );
    }
    states[index] = PARKED;
  }
  return { first, states };
}
