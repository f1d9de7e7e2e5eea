import { expect, test } from 'vitest';
import { Queue, Random } from '#slablab/src/base/index.js';
import { printedSeed } from '../support/seed.js';

test('it holds what an array holds', () => {
  const random = new Random(printedSeed('queue'));
  const queue = new Queue<number>();
  let plain: number[] = [];
  for (let step = 0; step < 20_000; step++) {
    // It grows and empties by turns.
    if (random.below(10) < (step % 2000 < 1000 ? 7 : 3)) {
      queue.push(step);
      plain.push(step);
    } else expect(queue.shift()).toBe(plain.shift());
    expect([queue.length, queue.first]).toEqual([plain.length, plain[0]]);
    if (step % 100 === 0) expect(queue.all()).toEqual(plain);
    if (step % 5000 === 4999) {
      queue.clear();
      plain = [];
    }
  }
});
