import type { Random } from '#slablab/src/base/index.js';
/** Text of a given length that is no number, different for each `mark` of up to so many letters. */
export function text(length: number, mark = 0): string {
  const letters = `v${mark.toString(36)}`;
  return letters.length >= length ? letters.slice(-Math.max(1, length)) : letters.padEnd(length, 'x');
}

/** Text of a length in low .. high. */
export function textBetween(random: Random, low: number, high: number): string {
  return text(between(random, low, high), random.below(1000));
}

export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1);
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)] as T;
}

/** 0 .. count - 1 in random order. */
export function shuffled(random: Random, count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}
