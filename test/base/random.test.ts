import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';

describe('Random', () => {
  test('same seed, same numbers; another seed, others', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 100 }, () => random.word());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(0)).not.toEqual(draw(1));
  });

  test('is sfc32: agrees with a naive version over big integers', () => {
    const random = new Random(12345);
    const naive = naiveSfc32(12345);
    for (let round = 0; round < 1000; round++) expect(random.word()).toBe(naive());
  });

  test('below: in range, and every value about as often as the others', () => {
    const random = new Random(7);
    const counts = new Array(10).fill(0);
    for (let round = 0; round < 100_000; round++) counts[random.below(10)]++;
    // Five standard deviations of a binomial count (n 100,000, p 0.1) are 474.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(474);
    expect(new Random(1).below(1)).toBe(0);
    expect(new Random(1).below(0x100000000)).toBe(new Random(1).word());
  });

  test('share: in [0, 1)', () => {
    const random = new Random(7);
    for (let round = 0; round < 10_000; round++) {
      const share = random.share();
      expect(share >= 0 && share < 1).toBe(true);
    }
  });
});

function naiveSfc32(seed: number): () => number {
  const mask = 0xffffffffn;
  let state = BigInt(seed);
  const splitmix = () => {
    state = (state + 0x9e3779b9n) & mask;
    let mixed = ((state ^ (state >> 16n)) * 0x21f0aaadn) & mask;
    mixed = ((mixed ^ (mixed >> 15n)) * 0x735a2d97n) & mask;
    return mixed ^ (mixed >> 15n);
  };
  let [a, b, c, counter] = [splitmix(), splitmix(), splitmix(), 1n];
  const word = () => {
    const result = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) & mask) | (c >> 11n)) + result) & mask;
    return Number(result);
  };
  for (let round = 0; round < 12; round++) word();
  return word;
}
