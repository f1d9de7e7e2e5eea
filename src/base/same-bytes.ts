/**
 * Returns whether `length` bytes are equal in two places. It compares four at a time, since names are short and
 * compared for every command.
 *
 * Places are cut to 32 bits without a sign. Memory may be longer than 2 GiB, and uncut sums would count in floating
 * point.
 */
export function sameBytes(
  here: Uint8Array,
  at: number,
  there: Uint8Array,
  from: number,
  length: number,
): boolean {
  let left = at >>> 0;
  let right = from >>> 0;
  for (let fours = length >>> 2; fours > 0; fours--) {
    const difference =
      (here[left]! ^ there[right]!) |
      (here[(left + 1) >>> 0]! ^ there[(right + 1) >>> 0]!) |
      (here[(left + 2) >>> 0]! ^ there[(right + 2) >>> 0]!) |
      (here[(left + 3) >>> 0]! ^ there[(right + 3) >>> 0]!);
    if (difference !== 0) return false;
    left = (left + 4) >>> 0;
    right = (right + 4) >>> 0;
  }
  for (let rest = length & 3; rest > 0; rest--) {
    if (here[left] !== there[right]) return false;
    left = (left + 1) >>> 0;
    right = (right + 1) >>> 0;
  }
  return true;
}
