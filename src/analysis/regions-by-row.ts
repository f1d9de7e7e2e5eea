import { type GranuleColumns, NOWHERE, rowOfPage } from '../engine/index.js';

/** The handles with a region in each granule: `handles` from `starts[row]` up to, but not including, `starts[row + 1]`. */
export interface RegionsByRow {
  readonly handles: Uint32Array;
  readonly starts: Uint32Array;
}

/** Sorts handles by the row of their granule. `places` has the first page of the granule of each handle. */
export function regionsByRow(granules: GranuleColumns, places: Uint32Array): RegionsByRow {
  const rows = new Int32Array(places.length).fill(-1);
  const starts = new Uint32Array(granules.count + 1);
  let last = -1;
  for (let handle = 0; handle < places.length; handle++) {
    const page = places[handle]!;
    if (page === NOWHERE) continue;
    // Consecutive handles often lie in the same granule.
    if (last < 0 || granules.page[last] !== page) last = rowOfPage(granules, page);
    if (last < 0) throw new Error(`handle ${handle} lies in page ${page}, where the snapshot has no granule`);
    rows[handle] = last;
    starts[last + 1] = starts[last + 1]! + 1;
  }
  for (let row = 0; row < granules.count; row++) {
    starts[row + 1] = starts[row + 1]! + starts[row]!;
  }
  const next = starts.slice();
  const handles = new Uint32Array(starts[granules.count]!);
  for (let handle = 0; handle < rows.length; handle++) {
    const row = rows[handle]!;
    if (row < 0) continue;
    handles[next[row]!] = handle;
    next[row] = next[row]! + 1;
  }
  return { handles, starts };
}
