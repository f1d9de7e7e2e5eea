/** The items of a map: granules, unused extents, and the metadata. */
import type { ExtentColumns, GranuleColumns } from '../engine/index.js';
import { type MapInfo, type MapSource, metadataBytes } from './map-source.js';

/** Items have numbers: first the granules, then the unused extents, and the metadata last. */
export interface MapItems {
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  /** Number of the first unused extent as an item; the granules have the numbers below it. */
  readonly firstUnused: number;
  /** Number of the metadata as an item, which is the last. */
  readonly metadata: number;
  /** Exact bytes of the metadata, whose pages are rounded up. */
  readonly metadataBytes: number;
  /** First cell of each item, counted in reading order; OFF_MAP for items that are not drawn. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Pages of each item. */
  readonly pages: Uint32Array<ArrayBuffer>;
}

/** The first cell of an item that is not drawn. */
export const OFF_MAP = 0xffffffff;

/** Numbers the items of a source, none of which is on the map yet. */
export function numberItems(source: MapSource, { pageSize }: MapInfo): MapItems {
  const { granules, unused } = source;
  const firstUnused = granules.count;
  const metadata = firstUnused + unused.count;
  const bytesOfMetadata = metadataBytes(source);
  const pages = new Uint32Array(metadata + 1);
  pages.set(granules.pages.subarray(0, granules.count));
  pages.set(unused.pages.subarray(0, unused.count), firstUnused);
  pages[metadata] = Math.ceil(bytesOfMetadata / pageSize);
  return {
    granules,
    unused,
    firstUnused,
    metadata,
    metadataBytes: bytesOfMetadata,
    starts: new Uint32Array(metadata + 1).fill(OFF_MAP),
    pages,
  };
}
