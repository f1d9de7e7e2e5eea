/**
 * Returns the first index from `from` on for which `holds` is true, or `end` if there is none before it. The
 * condition must be true for every later index too. Engines inline the call and its condition, so hot loops may use
 * it.
 */
export function firstIndexWhere(from: number, end: number, holds: (index: number) => boolean): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns the index of a value in the first `count` numbers of an ascending column, or -1. */
export function indexInAscending(column: Uint32Array, count: number, value: number): number {
  const index = firstIndexWhere(0, count, (at) => column[at]! >= value);
  return index < count && column[index] === value ? index : -1;
}
