import { InputError } from '../src/base/index.js';
import { fragmentationAt, type KnownFigure } from './known.js';
import { choice, integer, share } from './parameter.js';
import {
  estimatePopulateDelete,
  ORDERS,
  POPULATE_DELETE_PHASES,
  populateDelete,
  populatedContents,
} from './populate-delete.js';
import { defineWorkload } from './workload.js';

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
  phases: POPULATE_DELETE_PHASES,

  check({ order, drop }) {
    if (order === 'odd' && drop !== 0.5) {
      throw new InputError(
        `--set drop=${drop}: order=odd deletes every other key, so drop must be 0.5; use order=random`,
      );
    }
  },

  contents: ({ keys, valueBytes }, server) => populatedContents(keys, valueBytes, server),
  estimateOperations: ({ keys, drop }) => estimatePopulateDelete(keys, drop),
  traffic: populateDelete,
  known: ({ keys, valueBytes, order }) =>
    keys === 100_000 && valueBytes === 1000 && order === 'odd' ? PUBLISHED : [],
});
