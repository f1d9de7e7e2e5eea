import { expect, test } from 'vitest';
import { Random, ReturningMap } from '#slablab/src/base/index.js';
import { printedSeed } from '../support/seed.js';

const KEYS = 60;
const STEPS = 20_000;

function sorted(entries: Iterable<[number, number]>): [number, number][] {
  return [...entries].sort(([left], [right]) => left - right);
}

test('it holds what a Map holds', () => {
  const random = new Random(printedSeed('returning map'));
  const map = new ReturningMap<number, number>();
  const plain = new Map<number, number>();
  for (let step = 0; step < STEPS; step++) {
    const key = random.below(KEYS);
    // Now and then most keys go, so that absent ones are forgotten.
    const sets = random.below(10) < (step % 1000 < 500 ? 7 : 2);
    if (sets) {
      map.set(key, step);
      plain.set(key, step);
    } else expect(map.delete(key)).toBe(plain.delete(key));
    expect([map.size, map.has(key), map.get(key)]).toEqual([plain.size, plain.has(key), plain.get(key)]);
    if (step % 100 === 0) expect(sorted(map)).toEqual(sorted(plain));
  }
  map.clear();
  expect([map.size, ...map]).toEqual([0]);
});
