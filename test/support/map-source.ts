import { EXTENT_STATES, type ExtentState, type GranuleColumns } from '#slablab/src/engine/snapshot.js';
import type { MapSource } from '#slablab/src/map/index.js';
import type { MapInfo } from '#slablab/src/map/map-source.js';
/** Classes 0 to 3 live in slabs of 1, 1, 3 and 7 pages; 4 is large. */
export const MAP_INFO: MapInfo = {
  pageSize: 4096,
  sizeClasses: [16, 1024, 3072, 3584, 16_384],
  smallClasses: 4,
  regionsPerSlab: [256, 4, 4, 8],
};

/** A slab or large extent: where, how long, and what is in it. */
export interface GranuleGiven {
  readonly page: number;
  readonly pages?: number;
  readonly sizeClass?: number;
  readonly live?: number;
  readonly parked?: number;
  readonly free?: number;
  readonly openedMs?: number;
}

export type ExtentGiven = readonly [page: number, pages: number, state: ExtentState];

/** What a map shows, in address order; `active` and `dirty` are what is there, `resident` has the metadata besides. */
export function mapSource(
  granules: readonly GranuleGiven[],
  unused: readonly ExtentGiven[] = [],
  metadataPages = 0,
): MapSource {
  const { pageSize } = MAP_INFO;
  const pagesOf = (state: ExtentState) =>
    unused.reduce((sum, [, pages, its]) => sum + (its === state ? pages : 0), 0) * pageSize;
  const columns = granulesAt(granules);
  const active = columns.pages.reduce((sum, pages) => sum + pages, 0) * pageSize;
  const dirty = pagesOf('dirty');
  const column = (value: (extent: ExtentGiven) => number) => Uint32Array.from(unused.map(value));
  return {
    granules: columns,
    unused: {
      count: unused.length,
      page: column(([page]) => page),
      pages: column(([, pages]) => pages),
      arena: column(() => 0),
      state: column(([, , state]) => EXTENT_STATES.indexOf(state)),
    },
    memory: {
      active,
      dirty,
      resident: active + dirty + metadataPages * pageSize,
      retained: pagesOf('retained'),
    },
    virtualMs: 1000,
  };
}

function granulesAt(granules: readonly GranuleGiven[]): GranuleColumns {
  const column = (value: (granule: GranuleGiven) => number) => Uint32Array.from(granules.map(value));
  return {
    count: granules.length,
    page: column(({ page }) => page),
    pages: column(({ pages }) => pages ?? 1),
    sizeClass: column(({ sizeClass }) => sizeClass ?? 1),
    arena: column(() => 0),
    live: column(({ live }) => live ?? 1),
    parked: column(({ parked }) => parked ?? 0),
    free: column(({ free }) => free ?? 0),
    openedMs: column(({ openedMs }) => openedMs ?? 0),
    allocs: column(() => 0),
    cohort: column(() => 0),
  };
}
