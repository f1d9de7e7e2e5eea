import type { GranuleColumns } from '../engine/snapshot.js';

/** Slabs that are drawn together: those of one size class, or (`sizeClass` null) of several, or all of them. */
export interface Band {
  readonly sizeClass: number | null;
  /** Indexes into the snapshot's granules. */
  readonly slabs: Uint32Array;
}

/** All slabs in address order, as one band; none when there are no slabs. */
export function bandByAddress(granules: GranuleColumns, smallClasses: number): Band[] {
  const slabs = Uint32Array.from(slabIndexes(granules, smallClasses));
  return slabs.length === 0 ? [] : [{ sizeClass: null, slabs }];
}

/**
 * One band per size class that has slabs, ascending, each in address order. When there are more than `maxBands`, the
 * classes with the fewest slabs share a last band.
 */
export function bandsByClass(granules: GranuleColumns, smallClasses: number, maxBands: number): Band[] {
  const byClass = new Map<number, number[]>();
  for (const index of slabIndexes(granules, smallClasses)) {
    const sizeClass = granules.sizeClass[index] as number;
    const slabs = byClass.get(sizeClass);
    if (slabs === undefined) byClass.set(sizeClass, [index]);
    else slabs.push(index);
  }
  const classes = [...byClass].sort(([a], [b]) => a - b);
  if (classes.length <= maxBands) return classes.map(([sizeClass, slabs]) => band(sizeClass, slabs));
  const mostSlabsFirst = [...classes].sort(([, a], [, b]) => b.length - a.length);
  const own = new Set(mostSlabsFirst.slice(0, maxBands - 1).map(([sizeClass]) => sizeClass));
  const shared = classes.filter(([sizeClass]) => !own.has(sizeClass)).flatMap(([, slabs]) => slabs);
  return [
    ...classes
      .filter(([sizeClass]) => own.has(sizeClass))
      .map(([sizeClass, slabs]) => band(sizeClass, slabs)),
    band(null, shared),
  ];
}

function band(sizeClass: number | null, slabs: readonly number[]): Band {
  return { sizeClass, slabs: Uint32Array.from(slabs) };
}

// Large extents are granules too, but have no regions to be half full with.
function* slabIndexes(granules: GranuleColumns, smallClasses: number): Generator<number> {
  for (let index = 0; index < granules.count; index++) {
    if ((granules.sizeClass[index] as number) < smallClasses) yield index;
  }
}
