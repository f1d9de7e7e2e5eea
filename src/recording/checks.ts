/** What has to hold of columns, whoever wrote them: maps are drawn from them without looking again. */
import type { Numbers } from './recording-columns.js';
import { BadContent } from './recording-errors.js';

export function checkBelow(what: string, numbers: Numbers, limit: number): void {
  const row = numbers.findIndex((number) => number >= limit);
  if (row >= 0) throw new BadContent(`row ${row} has ${what} ${numbers[row]}, of ${limit}`);
}

/** In address order, none empty, none over another. */
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

/** Where the rows of each granule begin, from how many each has. */
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

export function lengthsOf(first: Uint32Array): Uint32Array<ArrayBuffer> {
  const lengths = new Uint32Array(first.length - 1);
  for (let row = 0; row < lengths.length; row++) {
    lengths[row] = first[row + 1]! - first[row]!;
  }
  return lengths;
}
