import { EXTENT_STATES } from '../engine/index.js';
import type { Group } from './bands.js';
import { type MapInfo, type MapSource, metadataBytes } from './map-source.js';

/** By place of the band, from top to bottom: the small classes, those that share a band, large, EXTENT_STATES, metadata. */
export type BandRows = Uint32Array<ArrayBuffer>;

export function placeOf({ kind, sizeClass }: Omit<Group, 'items'>, smallClasses: number): number {
  if (kind === 'class') return sizeClass!;
  if (kind === 'classes') return smallClasses;
  if (kind === 'large') return smallClasses + 1;
  const isLast = kind === 'metadata' || kind === 'addresses';
  return smallClasses + 2 + (isLast ? EXTENT_STATES.length : EXTENT_STATES.indexOf(kind));
}

/** What a moment has, as far as rows depend on it. */
export interface Inventory {
  /** By small class: how many slabs, and the pages of each. */
  readonly slabs: Uint32Array;
  readonly slabPages: Uint32Array;
  /** Pages of each large extent, in address order. */
  readonly large: readonly number[];
  /** By EXTENT_STATES, all of them together. */
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

/** The most rows that each band has at any of the moments. */
export function mostRows(
  moments: readonly Inventory[],
  { columns, retained }: { readonly columns: number; readonly retained: boolean },
): BandRows {
  const smallClasses = moments[0]?.slabs.length ?? 0;
  const most = new Uint32Array(smallClasses + 3 + EXTENT_STATES.length);
  const needs = (place: number, rows: number) => {
    most[place] = Math.max(most[place]!, rows);
  };
  for (const { slabs, slabPages, large, unusedPages, metadataPages } of moments) {
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
  return most;
}

/** Whole where a row is long enough, as in the layout. */
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
