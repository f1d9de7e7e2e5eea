import { CommandWriter } from '../src/redis/index.js';
import { InputError, Random } from '../src/trace/index.js';
import { fragmentationAt, type KnownFigure } from './known.js';
import { choice, integer, share } from './parameter.js';
import { stringContents } from './string-contents.js';
import { defineWorkload } from './workload.js';

const ORDERS = ['odd', 'random', 'sequential'] as const;
type Order = (typeof ORDERS)[number];

const PUBLISHED: readonly KnownFigure[] = [
  {
    figure: 'slabs at populated',
    unit: 'count',
    stated: 'about 26,000 by real servers (the article counted 256)',
    min: 25_700,
    max: 26_300,
    measure: (at) => at('populated')?.drainprof.tracked,
  },
  {
    figure: 'share of the populated slabs that came back',
    unit: 'share',
    stated: 'none',
    // A handful of slabs hold only what a server frees anyway.
    max: 0.001,
    measure: (at) => at('deleted')?.drainprof.cohortDsr ?? undefined,
  },
  {
    figure: 'active/allocated at deleted',
    unit: 'ratio',
    stated: 'about 2',
    min: 1.8,
    max: 2.2,
    measure: fragmentationAt('deleted'),
  },
];

/** The drainability article's experiment: fill a server with equal keys, delete half of them, count the slabs that come back. */
export const scatteredDelete = defineWorkload({
  name: 'scattered-delete',
  summary: 'DEBUG POPULATE equal string keys, then DEL some of them, one command each',
  source: 'Instrumenting Redis for Structural Leak Detection: A jemalloc Deep Dive (2026), test 2',
  shows:
    'with the defaults real servers hold about 26,000 slabs, 25,000 of them in class 1024, give none back after half ' +
    'the keys are gone, and show a fragmentation ratio of about 2',
  parameters: {
    keys: integer(100_000, 1, 50_000_000, 'keys to populate'),
    valueBytes: integer(1000, 0, 536_870_912, 'length of each value; 0: the text value:<index>'),
    order: choice(ORDERS, 'odd', 'which keys go: every other one, a random subset, or the first ones'),
    drop: share(0.5, 'share of the keys to delete; with order=odd it can only be 0.5'),
    seed: integer(1, 0, 4_294_967_295, 'seed of the random subset and its order'),
  },
  phases: [
    { name: 'populated', meaning: 'all keys are there; the slabs open now are the cohort' },
    { name: 'deleted', meaning: 'the dropped keys are gone' },
  ],

  check({ order, drop }) {
    if (order === 'odd' && drop !== 0.5) {
      throw new InputError(
        `--set drop=${drop}: order=odd deletes every other key, so drop must be 0.5; use order=random`,
      );
    }
  },

  contents({ keys, valueBytes }, server) {
    const lastDigits = `${keys - 1}`.length;
    const valueLength = valueBytes === 0 ? 'value:'.length + lastDigits : valueBytes;
    return stringContents(server, 'key:'.length + lastDigits, valueLength);
  },

  estimateOperations({ keys, drop }) {
    // What a server allocates before its first client is about 14,200 operations.
    return 14_200 + keys * 6 + Math.round(keys * drop) * 10;
  },

  *traffic({ keys, valueBytes, order, drop, seed }) {
    const words = new CommandWriter();
    yield words.words('DEBUG', 'POPULATE', `${keys}`, 'key', `${valueBytes}`);
    yield { phase: 'populated', isMark: true };
    for (const index of keysToDelete(order, keys, drop, seed)) yield words.words('DEL', `key:${index}`);
    yield { phase: 'deleted' };
  },

  known({ keys, valueBytes, order }) {
    return keys === 100_000 && valueBytes === 1000 && order === 'odd' ? PUBLISHED : [];
  },
});

/** The keys to delete by number, in the order of their deletion. */
function keysToDelete(order: Order, keys: number, drop: number, seed: number): Uint32Array {
  const isOdd = order === 'odd';
  const rows = new Uint32Array(isOdd ? keys >>> 1 : keys);
  for (let index = 0; index < rows.length; index++) rows[index] = isOdd ? 2 * index + 1 : index;
  const count = isOdd ? rows.length : Math.round(keys * drop);
  if (order === 'random') shuffleFirst(rows, count, new Random(seed));
  return rows.subarray(0, count);
}

/** Fisher-Yates as far as `count`: those rows are then a uniform sample in uniform order. */
function shuffleFirst(rows: Uint32Array, count: number, random: Random): void {
  for (let index = 0; index < count; index++) {
    const other = index + random.below(rows.length - index);
    const row = rows[index] as number;
    rows[index] = rows[other] as number;
    rows[other] = row;
  }
}
