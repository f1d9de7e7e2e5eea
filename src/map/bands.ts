/** Selects and orders the items of a map, and groups them into bands. */
import { EXTENT_STATES, type ExtentColumns, type ExtentState, type GranuleColumns } from '../engine/index.js';

/**
 * Kinds of band. Kind `addresses` has all items with an address. Kind `class` has the slabs of one class, and `classes`
 * those of several classes that share a band.
 */
export type BandKind = 'addresses' | 'class' | 'classes' | 'large' | ExtentState | 'metadata';

/** Items of one kind, which share rows of the map. */
export interface Group {
  readonly kind: BandKind;
  /** Index of the size class in kind `class`, else null. */
  readonly sizeClass: number | null;
  readonly items: Uint32Array<ArrayBuffer>;
}

/** The items of a map: granules, unused extents and the metadata, numbered in that order. */
export interface Items {
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  readonly smallClasses: number;
  /** Pages of the metadata. If 0, the metadata is left out. */
  readonly metadataPages: number;
  readonly showRetained: boolean;
}

const RETAINED = EXTENT_STATES.indexOf('retained');

/** Groups items for order `address`. Groups may be empty. */
export function groupByAddress(items: Items): Group[] {
  const { granules, unused } = items;
  const shown = shownExtents(items);
  const merged = new Uint32Array(granules.count + shown.length);
  let granule = 0;
  let extent = 0;
  for (let at = 0; at < merged.length; at++) {
    const isExtent =
      extent < shown.length &&
      (granule === granules.count || unused.page[shown[extent]!]! < granules.page[granule]!);
    merged[at] = isExtent ? granules.count + shown[extent++]! : granule++;
  }
  return [{ kind: 'addresses', sizeClass: null, items: merged }, metadataGroup(items)];
}

/** Groups items for order `class`. Groups may be empty. */
export function groupByClass(items: Items, maxClasses: number): Group[] {
  const { granules, unused, smallClasses } = items;
  const groupOfClass = classGroups(granules, smallClasses, maxClasses);
  const shared = smallClasses;
  const large = smallClasses + 1;
  const ofGranules = countingSort(granules.count, large + 1, (granule) => {
    const sizeClass = granules.sizeClass[granule]!;
    return sizeClass < smallClasses ? groupOfClass[sizeClass]! : large;
  });
  const shown = shownExtents(items);
  const ofStates = countingSort(shown.length, EXTENT_STATES.length, (at) => unused.state[shown[at]!]!);
  return [
    ...ofGranules.slice(0, shared).map((of, sizeClass): Group => ({ kind: 'class', sizeClass, items: of })),
    { kind: 'classes' as const, sizeClass: null, items: ofGranules[shared]! },
    { kind: 'large' as const, sizeClass: null, items: ofGranules[large]! },
    ...EXTENT_STATES.map((kind, state): Group => {
      const extents = ofStates[state]!.map((at) => granules.count + shown[at]!);
      return { kind, sizeClass: null, items: extents };
    }),
    metadataGroup(items),
  ];
}

function metadataGroup({ granules, unused, metadataPages }: Items): Group {
  const items = metadataPages === 0 ? [] : [granules.count + unused.count];
  return { kind: 'metadata', sizeClass: null, items: Uint32Array.from(items) };
}

function shownExtents({ unused, showRetained }: Items): Uint32Array {
  const count = unused.count;
  const shown = new Uint32Array(count);
  let at = 0;
  for (let extent = 0; extent < count; extent++) {
    if (showRetained || unused.state[extent] !== RETAINED) shown[at++] = extent;
  }
  return shown.subarray(0, at);
}

/** Returns the group of each class: the class itself, or `smallClasses` for classes that share a band. */
function classGroups(granules: GranuleColumns, smallClasses: number, maxGroups: number): Uint32Array {
  const slabs = new Uint32Array(smallClasses);
  for (let granule = 0; granule < granules.count; granule++) {
    const sizeClass = granules.sizeClass[granule]!;
    if (sizeClass < smallClasses) slabs[sizeClass]!++;
  }
  const groups = Uint32Array.from(slabs.keys());
  const used = [...groups].filter((sizeClass) => slabs[sizeClass] !== 0);
  if (used.length <= maxGroups) return groups;
  const largestFirst = used.sort((a, b) => slabs[b]! - slabs[a]! || a - b);
  for (const sizeClass of largestFirst.slice(Math.max(0, maxGroups - 1))) groups[sizeClass] = smallClasses;
  return groups;
}

/** Returns the indices 0 to count - 1 by key, in ascending order for each key. */
function countingSort(
  count: number,
  keys: number,
  keyOf: (index: number) => number,
): Uint32Array<ArrayBuffer>[] {
  const ends = new Uint32Array(keys + 1);
  for (let index = 0; index < count; index++) ends[keyOf(index) + 1]!++;
  for (let key = 0; key < keys; key++) ends[key + 1]! += ends[key]!;
  const sorted = new Uint32Array(count);
  const next = ends.slice();
  for (let index = 0; index < count; index++) sorted[next[keyOf(index)]!++] = index;
  return Array.from({ length: keys }, (_, key) => sorted.subarray(ends[key], ends[key + 1]));
}
