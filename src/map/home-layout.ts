/**
 * Lays out a snapshot by size class. A band has room for all pages that its class had at any moment of the recording,
 * and they lie in the order of addresses.
 */
import { concatWords } from '../base/index.js';
import { EXTENT_STATES, type ExtentColumns } from '../engine/index.js';
import type { Group } from './bands.js';
import { HOMELESS, type Homes } from './homes.js';
import type { Band, MapLayout } from './layout.js';
import { numberItems } from './map-items.js';
import type { MapInfo, MapSource } from './map-source.js';

const SMALLEST_BAND = 0.006;

/** A band of classes, or of unused extents without a home, or of the metadata. */
export interface HomeBand extends Omit<Group, 'items'> {
  /** The homes in it, in the order of the band. */
  readonly homes: readonly number[];
  /** Number of pages that it has room for. */
  readonly pages: number;
}

/** The numbers of pages that bands need room for. */
export type HomeRoom = Pick<Homes, 'pagesOf' | 'others'>;

/**
 * Returns the bands of recordings of one allocator build, each with room for any of them. Classes with less than the
 * share `smallest` of the map have a band together.
 */
export function homeBands(
  all: readonly HomeRoom[],
  { smallClasses }: Pick<MapInfo, 'smallClasses'>,
  smallest = SMALLEST_BAND,
): HomeBand[] {
  const pagesOf = (home: number) => Math.max(...all.map((homes) => homes.pagesOf(home)));
  const most = (of: (homes: HomeRoom) => number) => Math.max(...all.map(of));
  const classes = Array.from({ length: smallClasses }, (_, home) => home).filter((home) => pagesOf(home) > 0);
  const total = classes.reduce((sum, home) => sum + pagesOf(home), pagesOf(smallClasses));
  const isSmall = (home: number) => pagesOf(home) < smallest * total;
  const small = classes.filter(isSmall);
  // A band of one class has its name.
  const shared = small.length > 1 ? small : [];
  const own = classes.filter((home) => !shared.includes(home));
  const bands: HomeBand[] = [
    ...own.map((home) => ({ kind: 'class' as const, sizeClass: home, homes: [home], pages: pagesOf(home) })),
    {
      kind: 'classes',
      sizeClass: null,
      homes: shared,
      pages: shared.reduce((sum, home) => sum + pagesOf(home), 0),
    },
    { kind: 'large', sizeClass: null, homes: [smallClasses], pages: pagesOf(smallClasses) },
    ...EXTENT_STATES.filter((state) => state !== 'retained').map((kind) => ({
      kind,
      sizeClass: null,
      homes: [],
      pages: most(({ others }) => others.homeless[EXTENT_STATES.indexOf(kind)]!),
    })),
    { kind: 'metadata', sizeClass: null, homes: [], pages: most(({ others }) => others.metadataPages) },
  ];
  return bands.filter(({ pages }) => pages > 0);
}

export interface HomeScale {
  readonly columns: number;
  /** Empty rows between two bands. */
  readonly gapRows: number;
}

/** Returns the rows of a map with these bands. */
export function homeRows(bands: readonly HomeBand[], { columns, gapRows }: HomeScale): number {
  const gaps = Math.max(0, bands.length - 1) * gapRows;
  return bands.reduce((sum, { pages }) => sum + Math.ceil(pages / columns), gaps);
}

export interface AtHome {
  readonly homes: Homes;
  readonly bands: readonly HomeBand[];
  /** The home of each unused extent of the source. */
  readonly homesOfUnused: Uint8Array;
}

/** Lays out a source whose unused extents were cut by `Homes.settle`. */
export function layoutAtHome(source: MapSource, info: MapInfo, atHome: AtHome, scale: HomeScale): MapLayout {
  const { columns, gapRows } = scale;
  const numbered = numberItems(source, info);
  const { granules, unused, firstUnused, metadata, pages, starts } = numbered;
  const byHome = itemsByHome(source, info, atHome.homesOfUnused);
  let row = 0;
  const bands = atHome.bands.map((band): Band => {
    const firstRow = row;
    const rows = Math.ceil(band.pages / columns);
    row += rows + gapRows;
    const first = firstRow * columns;
    const items = itemsOf(band);
    if (band.homes.length === 0) placeInTurn(items, first);
    else placeAtHome(band, items, first);
    return { kind: band.kind, sizeClass: band.sizeClass, items, firstRow, rows };
  });
  return {
    ...numbered,
    order: 'class',
    columns,
    rows: homeRows(atHome.bands, scale),
    info,
    placed: concatWords(bands.map(({ items }) => items)),
    bands,
    stretches: [],
  };

  function itemsOf({ kind, homes }: HomeBand): Uint32Array<ArrayBuffer> {
    if (kind === 'metadata') return Uint32Array.from(pages[metadata] === 0 ? [] : [metadata]);
    if (homes.length > 0) return concatWords(homes.map((home) => byHome[home]!));
    return homeless(
      unused,
      atHome.homesOfUnused,
      EXTENT_STATES.indexOf(kind as (typeof EXTENT_STATES)[number]),
    ).map((extent) => firstUnused + extent);
  }

  function placeInTurn(items: Uint32Array, first: number): void {
    let next = first;
    for (const item of items) {
      starts[item] = next;
      next += pages[item]!;
    }
  }

  function placeAtHome({ homes }: HomeBand, items: Uint32Array, first: number): void {
    let offset = first;
    let at = 0;
    for (const home of homes) {
      for (const end = at + byHome[home]!.length; at < end; at++) {
        const item = items[at]!;
        starts[item] = offset + atHome.homes.placeOf(home, pageOf(item));
      }
      offset += atHome.homes.pagesOf(home);
    }
  }

  function pageOf(item: number): number {
    return item < firstUnused ? granules.page[item]! : unused.page[item - firstUnused]!;
  }
}

/** Returns the granules and unused extents of each home, in the order of addresses. */
function itemsByHome(
  { granules, unused }: MapSource,
  { smallClasses }: MapInfo,
  homes: Uint8Array,
): Uint32Array<ArrayBuffer>[] {
  const counts = new Uint32Array(smallClasses + 1);
  const homeOf = (granule: number) => Math.min(smallClasses, granules.sizeClass[granule]!);
  for (let granule = 0; granule < granules.count; granule++) counts[homeOf(granule)]!++;
  for (let extent = 0; extent < unused.count; extent++)
    if (homes[extent] !== HOMELESS) counts[homes[extent]!]!++;
  const lists = Array.from(counts, (count) => new Uint32Array(count));
  const next = new Uint32Array(smallClasses + 1);
  const put = (home: number, item: number) => {
    lists[home]![next[home]!++] = item;
  };
  let granule = 0;
  for (let extent = 0; extent < unused.count; extent++) {
    while (granule < granules.count && granules.page[granule]! < unused.page[extent]!)
      put(homeOf(granule), granule++);
    if (homes[extent] !== HOMELESS) put(homes[extent]!, granules.count + extent);
  }
  for (; granule < granules.count; granule++) put(homeOf(granule), granule);
  return lists;
}

function homeless(
  { count, state }: ExtentColumns,
  homes: Uint8Array,
  wanted: number,
): Uint32Array<ArrayBuffer> {
  const found = new Uint32Array(count);
  let at = 0;
  for (let extent = 0; extent < count; extent++) {
    if (homes[extent] === HOMELESS && state[extent] === wanted) found[at++] = extent;
  }
  return found.slice(0, at);
}
