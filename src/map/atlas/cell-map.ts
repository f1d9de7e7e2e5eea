/**
 * The map of one cell of a sweep, as its last snapshot shows it: a swatch for each page, where the page is at home. It
 * has no size on a screen yet, and takes a byte a page, so that an atlas can hold the maps of many runs.
 */
import { EXTENT_STATES } from '../../engine/index.js';
import { EMPTY } from '../cells.js';
import type { Ground, Swatch } from '../colouring/legend.js';
import { occupancyOf, occupancySwatches } from '../colouring/occupancy-colouring.js';
import { unusedSwatches } from '../colouring/palette.js';
import type { HomeRoom } from '../home-layout.js';
import { HOMELESS, Homes } from '../homes.js';
import { type MapInfo, type MapSource, metadataBytes } from '../map-source.js';

export interface CellMap {
  readonly pageSize: number;
  readonly smallClasses: number;
  /** Sizes of all classes in bytes. */
  readonly sizeClasses: readonly number[];
  /**
   * The swatch or EMPTY of each page in its place. Small classes have the first strips. Large extents, the states of
   * unused extents without a home, and the metadata follow.
   */
  readonly strips: readonly Uint8Array<ArrayBuffer>[];
}

/** Returns the swatches of the maps in an atlas: those of colour mode `occupancy`. */
export function atlasSwatches(ground: Ground): Swatch[] {
  const { dirty, muzzy, retained, metadata } = unusedSwatches(ground);
  return [...occupancySwatches(ground), dirty, muzzy, retained, metadata];
}

const FIRST_UNUSED = occupancySwatches('dark').length;
/** The swatch of pages that came back. */
export const CAME_BACK = FIRST_UNUSED + EXTENT_STATES.indexOf('retained');
/** The swatch of the allocator's records. */
export const RECORDS = FIRST_UNUSED + EXTENT_STATES.length;

/** Returns the map of the last of some snapshots, which are those of one run in the order of time. */
export function cellMapOf(sources: readonly MapSource[], info: MapInfo): CellMap {
  const { smallClasses, pageSize, sizeClasses } = info;
  const last = sources.at(-1);
  if (last === undefined) throw new RangeError('a map of no snapshot');
  const homes = new Homes(info);
  for (const source of sources) homes.add(source);
  const strips = Array.from({ length: smallClasses + 1 }, (_, home) =>
    new Uint8Array(homes.pagesOf(home)).fill(EMPTY),
  );
  const { granules } = last;
  for (let row = 0; row < granules.count; row++) {
    const home = Math.min(smallClasses, granules.sizeClass[row]!);
    const at = homes.placeOf(home, granules.page[row]!);
    strips[home]!.fill(occupancyOf(granules, row), at, at + granules.pages[row]!);
  }
  const { unused, homes: homesOfUnused } = homes.settle(sources.length - 1, last);
  const homeless = EXTENT_STATES.map(() => 0);
  for (let row = 0; row < unused.count; row++) {
    const home = homesOfUnused[row]!;
    const [state, pages] = [unused.state[row]!, unused.pages[row]!];
    if (home === HOMELESS) homeless[state]! += pages;
    else {
      const at = homes.placeOf(home, unused.page[row]!);
      strips[home]!.fill(FIRST_UNUSED + state, at, at + pages);
    }
  }
  const metadata = Math.ceil(metadataBytes(last) / pageSize);
  return {
    pageSize,
    smallClasses,
    sizeClasses: [...sizeClasses],
    strips: [
      ...strips,
      ...homeless.map((pages, state) => new Uint8Array(pages).fill(FIRST_UNUSED + state)),
      new Uint8Array(metadata).fill(RECORDS),
    ],
  };
}

/** Returns the room that a map needs in its bands. */
export function roomOf({ strips, smallClasses }: CellMap): HomeRoom {
  const pages = (at: number) => strips[at]?.length ?? 0;
  return {
    pagesOf: pages,
    others: {
      homeless: Uint32Array.from(EXTENT_STATES, (_, state) => pages(smallClasses + 1 + state)),
      metadataPages: pages(smallClasses + 1 + EXTENT_STATES.length),
    },
  };
}
