/**
 * Encodes columns of whole numbers as bytes that deflate well.
 *
 * Each number has as many bytes as the largest of its column needs. The lowest bytes of all numbers are first, then the
 * next ones. If neighbours are similar, differences are stored instead, modulo 256^bytes. The difference is to the number
 * before, in the column or among the rows of the same size class.
 */

export const PREDICTIONS = ['none', 'row', 'class'] as const;
export type Prediction = (typeof PREDICTIONS)[number];

export type Numbers = Uint32Array | Uint16Array | Uint8Array;

/** Describes the encoding of a column, as an entry of a frame's `columns`. */
export interface ColumnShape {
  /** Name of the table. */
  readonly of: string;
  /** Name of the column. */
  readonly name: string;
  readonly count: number;
  /** Bytes of each number, from 0 (all numbers are 0) to 4. */
  readonly bytes: number;
  readonly from: Prediction;
}

/** Returns the bytes of all columns as stored. */
export function bytesOf(shapes: readonly ColumnShape[]): number {
  return shapes.reduce((sum, { bytes, count }) => sum + bytes * count, 0);
}

/** Returns the bytes that each number of a column needs. */
export function bytesFor(numbers: Numbers): number {
  let all = 0;
  for (let row = 0; row < numbers.length; row++) all |= numbers[row]!;
  return all === 0 ? 0 : Math.ceil((32 - Math.clz32(all)) / 8);
}

/** Writes a column into `target` from `at` on. `classes` has the size class of each row, for prediction `class`. */
export function encodeColumn(
  numbers: Numbers,
  { bytes, from, count }: ColumnShape,
  classes: Numbers,
  target: Uint8Array,
  at: number,
): void {
  const stored = from === 'none' ? numbers : differences(numbers, from, classes);
  for (let byte = 0; byte < bytes; byte++) {
    const plane = target.subarray(at + byte * count, at + (byte + 1) * count);
    const shift = 8 * byte;
    for (let row = 0; row < count; row++) plane[row] = stored[row]! >>> shift;
  }
}

function differences(numbers: Numbers, from: 'row' | 'class', classes: Numbers): Uint32Array {
  const stored = new Uint32Array(numbers.length);
  const last = lastByClass(from, classes);
  for (let row = 0; row < numbers.length; row++) {
    const key = from === 'row' ? 0 : classes[row]!;
    const number = numbers[row]!;
    stored[row] = number - last[key]!;
    last[key] = number;
  }
  return stored;
}

/** Reads a column from `source` at `at` into `numbers`, which has `count` elements that are 0. */
export function decodeColumn(
  numbers: Numbers,
  { bytes, from, count }: ColumnShape,
  classes: Numbers,
  source: Uint8Array,
  at: number,
): void {
  for (let byte = 0; byte < bytes; byte++) {
    const plane = source.subarray(at + byte * count, at + (byte + 1) * count);
    const shift = 8 * byte;
    for (let row = 0; row < count; row++) {
      numbers[row] = numbers[row]! | (plane[row]! << shift);
    }
  }
  if (from === 'none') return;
  const mask = bytes === 4 ? -1 : 2 ** (8 * bytes) - 1;
  const last = lastByClass(from, classes);
  for (let row = 0; row < count; row++) {
    const key = from === 'row' ? 0 : classes[row]!;
    const number = (numbers[row]! + last[key]!) & mask;
    numbers[row] = number;
    last[key] = number;
  }
}

function lastByClass(from: 'row' | 'class', classes: Numbers): Uint32Array {
  let most = 0;
  if (from === 'class') for (const one of classes) most = Math.max(most, one);
  return new Uint32Array(most + 1);
}
