import type { GranuleColumns } from '#slablab/src/engine/snapshot.js';

/** Slab (or large extent) as [size class index, live, parked, free]. */
export type GranuleRow = readonly [sizeClass: number, live: number, parked: number, free: number];

/** A snapshot's granules, one page each, in the order given. */
export function granulesOf(rows: readonly GranuleRow[]): GranuleColumns {
  const column = (value: (row: GranuleRow, index: number) => number) => Uint32Array.from(rows.map(value));
  return {
    count: rows.length,
    page: column((_, index) => index),
    pages: column(() => 1),
    sizeClass: column(([sizeClass]) => sizeClass),
    arena: column(() => 0),
    live: column(([, live]) => live),
    parked: column(([, , parked]) => parked),
    free: column(([, , , free]) => free),
    openedMs: column(() => 0),
    allocs: column(() => 0),
    cohort: column(() => 0),
  };
}
