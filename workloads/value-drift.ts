import { Random } from '../src/base/index.js';
import { CommandWriter } from '../src/commands/index.js';
import { redisSds, sdsBytes } from '../src/model/index.js';
import { type KnownFigure, type PhaseByName, type PhaseFigures, slabRatio } from './known.js';
import { integer } from './parameter.js';
import { shuffleFirst } from './populate-delete.js';
import { stringContents } from './string-contents.js';
import { defineWorkload } from './workload.js';

const TENTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Values grow out of their size class one by one, in random order: both classes are open at the same time. */
export const valueDrift = defineWorkload({
  name: 'value-drift',
  summary: 'SET of 100-byte values; then SET of each key to 150 bytes, in random order',
  source: 'https://github.com/redis/redis/issues/13612',
  shows:
    'no slab of the old class comes back before nearly all values have left it: a peak ratio of about 1.65 when 90% ' +
    "are done. That is the values' own; with keys and objects, which stay as they are, active/allocated is 1.46",
  parameters: {
    keys: integer(500_000, 10, 50_000_000, 'keys'),
    fromBytes: integer(100, 0, 1_000_000, 'length of the values at first'),
    toBytes: integer(150, 0, 1_000_000, 'length that they are rewritten to'),
    seed: integer(1, 0, 4_294_967_295, 'of the order'),
  },
  phases: [
    { name: 'filled', meaning: 'all values have the first length; the slabs open now are the cohort' },
    ...TENTHS.map((tenth) => ({
      name: `sample-${tenth}`,
      meaning: `${tenth}0% of the values are rewritten`,
    })),
    { name: 'rewritten', meaning: 'all of them are' },
  ],
  contents: ({ keys, fromBytes, toBytes }, server) =>
    stringContents(server, `key:${keys - 1}`.length, fromBytes, toBytes),
  estimateOperations: ({ keys }) => keys * 21,

  *traffic({ keys, fromBytes, toBytes, seed }) {
    const words = new CommandWriter();
    for (let key = 0; key < keys; key++) yield words.filled(fromBytes, 'SET', `key:${key}`);
    yield { phase: 'filled', isMark: true };
    const order = Uint32Array.from({ length: keys }, (_, key) => key);
    shuffleFirst(order, keys, new Random(seed));
    let done = 0;
    for (let tenth = 1; tenth <= 10; tenth++) {
      for (const end = Math.floor((keys * tenth) / 10); done < end; done++) {
        yield words.filled(toBytes, 'SET', `key:${order[done]}`);
      }
      yield { phase: tenth === 10 ? 'rewritten' : `sample-${tenth}` };
    }
  },

  known: ({ keys, fromBytes, toBytes }) =>
    keys >= 100_000 && fromBytes === 100 && toBytes === 150 ? PUBLISHED : [],
});

/** Figures of the slabs of both value classes, after each tenth of the run. */
function ratios(at: PhaseByName): number[] {
  return [...TENTHS, 10].flatMap((tenth) => {
    const phase = at(tenth === 10 ? 'rewritten' : `sample-${tenth}`);
    return phase === undefined ? [] : slabRatio(phase, [classOf(phase, 100), classOf(phase, 150)]);
  });
}

function classOf({ bins }: PhaseFigures, length: number): number {
  return bins.find(({ size }) => size >= sdsBytes(redisSds, length))?.size ?? 0;
}

const PUBLISHED: readonly KnownFigure[] = [
  {
    figure: 'highest ratio of slabs over live bytes, of the two classes of values',
    unit: 'ratio',
    stated: 'about 1.65',
    min: 1.6,
    max: 1.7,
    measure: (at) => {
      const all = ratios(at);
      return all.length === 0 ? undefined : Math.max(...all);
    },
  },
  {
    figure: 'share rewritten when it is highest',
    unit: 'share',
    stated: '90%',
    min: 0.9,
    max: 0.9,
    measure: (at) => {
      const all = ratios(at);
      return all.length === 0 ? undefined : (all.indexOf(Math.max(...all)) + 1) / 10;
    },
  },
];
