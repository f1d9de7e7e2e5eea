import type { GranuleColumns } from '../engine/index.js';

type Column = Exclude<keyof GranuleColumns, 'count'>;

/** Builds granules from a function that returns each value. */
export function granuleColumns(
  count: number,
  valueAt: (column: Column, row: number) => number,
): GranuleColumns {
  const column = (name: Column) => {
    const values = new Uint32Array(count);
    for (let row = 0; row < count; row++) values[row] = valueAt(name, row);
    return values;
  };
  return {
    count,
    page: column('page'),
    pages: column('pages'),
    sizeClass: column('sizeClass'),
    arena: column('arena'),
    live: column('live'),
    parked: column('parked'),
    free: column('free'),
    openedMs: column('openedMs'),
    allocs: column('allocs'),
    cohort: column('cohort'),
  };
}
