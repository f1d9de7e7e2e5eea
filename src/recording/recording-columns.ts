/**
 * Columns of whole numbers as bytes that deflate well: of each number only as many bytes as the largest of the column
 * needs, and all the lowest bytes before the ones above them. Where neighbours are alike, each number is stored as the
 * difference from the one before it, in the column or among the rows of its size class (modulo what the bytes hold).
 */

export const PREDICTIONS = ['none', 'row', 'class'] as const;
export type Prediction = (typeof PREDICTIONS)[number];

export type Numbers = Uint32Array | Uint16Array | Uint8Array;

/** What a reader has to know of a column: an entry of a frame's `columns`. */
export interface ColumnShape {
  /** Table and name. */
  readonly of: string;
  readonly name: string;
  readonly count: number;
  /** 0 where all numbers are 0; up to 4. */
  readonly bytes: number;
  readonly from: Prediction;
}

/** Of all of them, as they are stored. */
export function bytesOf(shapes: readonly ColumnShape[]): number {
  return shapes.reduce((sum, { bytes, count }) => sum + bytes * count, 0);
}

/** The bytes that each number of the column takes. */
export function bytesFor(numbers: Numbers): number {
  let all = 0;
  for (let row = 0; row < numbers.length; row++) all |= numbers[row]!;
  return all === 0 ? 0 : Math.ceil((32 - Math.clz32(all)) / 8);
}

/** Writes the column into `target` from `at` on. `classes`: the size class of each row, where the prediction needs it. */
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

/** Fills `numbers`, which are as many as the shape says, from the bytes at `at`. */
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
