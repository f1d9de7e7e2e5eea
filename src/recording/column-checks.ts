/** Checks columns that were read from a file. Maps rely on these properties without checking them. */
import type { Numbers } from './recording-columns.js';
import { BadContent } from './recording-errors.js';

/** Throws a BadContent unless all numbers are below the limit. */
export function checkBelow(what: string, numbers: Numbers, limit: number): void {
  const row = numbers.findIndex((number) => number >= limit);
  if (row >= 0) throw new BadContent(`row ${row} has ${what} ${numbers[row]}, of ${limit}`);
}

/** Throws a BadContent unless the rows are in address order, are not empty, and do not overlap. */
export function checkAddress(
  what: string,
  { page, pages }: { readonly page: Uint32Array; readonly pages: Uint32Array },
): void {
  let end = 0;
  for (let row = 0; row < page.length; row++) {
    const first = page[row]!;
    const length = pages[row]!;
    if (first < end || length === 0) {
      throw new BadContent(`${what} ${row} of ${length} pages begins at page ${first}, before page ${end}`);
    }
    end = first + length;
  }
}

/** Converts the number of rows of each granule to the index of its first row. Throws a BadContent if they do not add up. */
export function firstOf(lengths: Uint32Array, granules: number, rows: number): Uint32Array<ArrayBuffer> {
  if (lengths.length !== granules) {
    throw new BadContent(`lengths of ${lengths.length} granules, where there are ${granules}`);
  }
  const first = new Uint32Array(granules + 1);
  let end = 0;
  for (let row = 0; row < granules; row++) {
    end += lengths[row]!;
    first[row + 1] = end;
  }
  if (end !== rows) throw new BadContent(`rows of granules add up to ${end}, where there are ${rows}`);
  return first;
}

/** Returns the number of rows of each granule; the inverse of firstOf. */
export function lengthsOf(first: Uint32Array): Uint32Array<ArrayBuffer> {
  const lengths = new Uint32Array(first.length - 1);
  for (let row = 0; row < lengths.length; row++) {
    lengths[row] = first[row + 1]! - first[row]!;
  }
  return lengths;
}
