import type { Random } from '#slablab/src/base/index.js';
import type { Words } from './lengths.js';

/** What arguments are made of. */
export interface Vocabulary {
  readonly random: Random;
  below(limit: number): number;
  number(limit: number): string;
  pick<const Item>(...items: readonly Item[]): Item;
  /** The items in so many of a hundred cases. */
  some<Item>(share: number, ...items: readonly Item[]): readonly Item[];
  /** A key of the type that a letter stands for; now and then one of another type. */
  key(type: string): string;
  anyKey(): string;
  member(): string;
  score(): string;
  integer(): string;
}

export type Forms = (words: Vocabulary) => readonly (() => Words)[];

/** Letters: string, number, list, set, set of integers, sorted set, hash, places, stream, bits. */
const TYPES = ['k', 'n', 'l', 's', 't', 'z', 'h', 'g', 'x', 'b'] as const;

export function vocabulary(random: Random): Vocabulary {
  const below = (limit: number) => random.below(limit);
  const number = (limit: number) => `${below(limit)}`;
  const pick = <const Item>(...items: readonly Item[]) => items[below(items.length)] as Item;
  const some = <Item>(share: number, ...items: readonly Item[]) => (below(100) < share ? items : []);
  const key = (type: string) => (below(40) === 0 ? `${pick(...TYPES, 'none')}0` : `${type}${below(3)}`);
  return {
    random,
    below,
    number,
    pick,
    some,
    key,
    anyKey: () => key(pick(...TYPES)),
    member: () => pick(`m${below(40)}`, number(60), `long${'y'.repeat(below(80))}`),
    score: () => pick(number(50), `${below(1000) / 8}`, `-${number(9)}.5`),
    integer: () => pick(number(10), number(1000), `-${1 + below(99)}`, '9223372036854775807', 'x'),
  };
}
