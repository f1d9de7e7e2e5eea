import type { Random } from '#slablab/src/base/index.js';
import type { Step } from '../../streams.js';

/** A kind of command: its weight among the others, and how its steps are made. */
export type Kind = readonly [weight: number, steps: () => readonly Step[]];

/** Draws a kind `count` times, each as often as its weight. */
export function* drawn(random: Random, count: number, kinds: readonly Kind[]): Generator<Step> {
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0);
  for (let made = 0; made < count; made++) {
    let left = random.below(total);
    const kind = kinds.find(([weight]) => {
      left -= weight;
      return left < 0;
    });
    yield* kind![1]();
  }
}

/** One command of the first client. */
export function one(...words: readonly string[]): readonly Step[] {
  return [words];
}

export function by(client: number, ...words: readonly string[]): Step {
  return { client, words };
}
