/**
 * Counts the rows of each band of a map by class without laying it out. A caller can find a scale at which all snapshots
 * of a run fit. It can also give each band its maximum of rows, so that bands do not move between snapshots.
 */
import { EXTENT_STATES } from '../engine/index.js';
import type { Group } from './bands.js';
import { type MapInfo, type MapSource, metadataBytes } from './map-source.js';

/** Rows of each band, from top to bottom: small classes, classes that share a band, large, EXTENT_STATES, metadata. */
export type BandRows = Uint32Array<ArrayBuffer>;

/** Returns the index of a band in BandRows. */
export function placeOf({ kind, sizeClass }: Omit<Group, 'items'>, smallClasses: number): number {
  if (kind === 'class') return sizeClass!;
  if (kind === 'classes') return smallClasses;
  if (kind === 'large') return smallClasses + 1;
  const isLast = kind === 'metadata' || kind === 'addresses';
  return smallClasses + 2 + (isLast ? EXTENT_STATES.length : EXTENT_STATES.indexOf(kind));
}

/** The figures of a snapshot that the rows of its bands depend on. */
export interface Inventory {
  /** Number of slabs, by small class. */
  readonly slabs: Uint32Array;
  /** Pages of a slab, by small class. */
  readonly slabPages: Uint32Array;
  /** Pages of each large extent, in address order. */
  readonly large: readonly number[];
  /** Pages of all unused extents, by state. */
  readonly unusedPages: Uint32Array;
  readonly metadataPages: number;
}

export function inventory(source: MapSource, { smallClasses, pageSize }: MapInfo): Inventory {
  const { granules, unused } = source;
  const slabs = new Uint32Array(smallClasses);
  const slabPages = new Uint32Array(smallClasses);
  const large: number[] = [];
  for (let granule = 0; granule < granules.count; granule++) {
    const sizeClass = granules.sizeClass[granule]!;
    if (sizeClass >= smallClasses) large.push(granules.pages[granule]!);
    else {
      slabs[sizeClass]!++;
      slabPages[sizeClass] = granules.pages[granule]!;
    }
  }
  const unusedPages = new Uint32Array(EXTENT_STATES.length);
  for (let extent = 0; extent < unused.count; extent++) {
    unusedPages[unused.state[extent]!]! += unused.pages[extent]!;
  }
  return {
    slabs,
    slabPages,
    large,
    unusedPages,
    metadataPages: Math.ceil(metadataBytes(source) / pageSize),
  };
}

/** Returns the maximum of rows that each band has in any of the snapshots. */
export function maxRows(
  snapshots: readonly Inventory[],
  { columns, retained }: { readonly columns: number; readonly retained: boolean },
): BandRows {
  const smallClasses = snapshots[0]?.slabs.length ?? 0;
  const max = new Uint32Array(smallClasses + 3 + EXTENT_STATES.length);
  const needs = (place: number, rows: number) => {
    max[place] = Math.max(max[place]!, rows);
  };
  for (const { slabs, slabPages, large, unusedPages, metadataPages } of snapshots) {
    for (let sizeClass = 0; sizeClass < smallClasses; sizeClass++) {
      needs(sizeClass, rowsOfSlabs(slabs[sizeClass]!, slabPages[sizeClass]!, columns));
    }
    needs(smallClasses + 1, rowsInTurn(large, columns));
    EXTENT_STATES.forEach((state, index) => {
      const pages = state === 'retained' && !retained ? 0 : unusedPages[index]!;
      needs(smallClasses + 2 + index, Math.ceil(pages / columns));
    });
    needs(smallClasses + 2 + EXTENT_STATES.length, Math.ceil(metadataPages / columns));
  }
  return max;
}

/** Returns the rows of slabs, which are not broken over rows that are long enough, as in the layout. */
function rowsOfSlabs(count: number, pages: number, columns: number): number {
  if (count === 0) return 0;
  if (pages <= columns) return Math.ceil(count / Math.floor(columns / pages));
  return rowsInTurn(new Array<number>(count).fill(pages), columns);
}

function rowsInTurn(lengths: readonly number[], columns: number): number {
  let next = 0;
  for (const length of lengths) {
    const column = next % columns;
    if (column > 0 && column + length > columns) next += columns - column;
    next += length;
  }
  return Math.ceil(next / columns);
}
