import { EXTENT_STATES, type ExtentColumns, type ExtentState, type GranuleColumns } from '../engine/index.js';
/** `addresses`: all that has one. `class`: slabs of a class; `classes`: of the small remainder of classes. */
export type BandKind = 'addresses' | 'class' | 'classes' | 'large' | ExtentState | 'metadata';

/** Items of one kind, which have rows of their own. */
export interface Group {
  readonly kind: BandKind;
  /** Index of the size class, where they are of one. */
  readonly sizeClass: number | null;
  readonly items: Uint32Array<ArrayBuffer>;
}

/** What there is to arrange. The items are granules, unused extents and the metadata, in that order. */
export interface Items {
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  readonly smallClasses: number;
  /** Of the last item. 0: it is left out. */
  readonly metadataPages: number;
  readonly showRetained: boolean;
}

const RETAINED = EXTENT_STATES.indexOf('retained');

/** Groups may be empty, here and below. */
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

/** The group of each class: the class itself, or `smallClasses` for the ones that share a band. */
function classGroups(granules: GranuleColumns, smallClasses: number, most: number): Uint32Array {
  const slabs = new Uint32Array(smallClasses);
  for (let granule = 0; granule < granules.count; granule++) {
    const sizeClass = granules.sizeClass[granule]!;
    if (sizeClass < smallClasses) slabs[sizeClass]!++;
  }
  const groups = Uint32Array.from(slabs.keys());
  const used = [...groups].filter((sizeClass) => slabs[sizeClass] !== 0);
  if (used.length <= most) return groups;
  const mostFirst = used.sort((a, b) => slabs[b]! - slabs[a]! || a - b);
  for (const sizeClass of mostFirst.slice(Math.max(0, most - 1))) groups[sizeClass] = smallClasses;
  return groups;
}

/** Indexes 0 to count - 1 by key, each key's ascending. */
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
