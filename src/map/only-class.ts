import { granuleColumns } from './granule-columns.js';
import type { MapInfo, MapSource } from './map-source.js';

/** Returns a source that has only the slabs of one size class. */
export function onlyClass(
  { granules, virtualMs }: MapSource,
  { pageSize }: MapInfo,
  sizeClass: number,
): MapSource {
  const rows = Uint32Array.from(
    [...granules.sizeClass.keys()].filter((row) => granules.sizeClass[row] === sizeClass),
  );
  const kept = granuleColumns(rows.length, (column, at) => granules[column][rows[at]!]!);
  const bytes = kept.pages.reduce((sum, pages) => sum + pages, 0) * pageSize;
  const nothing = new Uint32Array();
  return {
    granules: kept,
    unused: { count: 0, page: nothing, pages: nothing, arena: nothing, state: nothing },
    memory: { active: bytes, dirty: 0, resident: bytes, retained: 0 },
    virtualMs,
  };
}
