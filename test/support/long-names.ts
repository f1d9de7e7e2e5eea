/** Lengths at which a call with an argument for each byte overflows the stack. */
export const LONG_LENGTHS: readonly number[] = [200_000, 5_000_000];

/** `axx…xb` */
export function longName(length: number): string {
  return `a${'x'.repeat(length - 2)}b`;
}
