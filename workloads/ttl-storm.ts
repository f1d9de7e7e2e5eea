import { Random } from '../src/base/index.js';
import { CommandWriter } from '../src/commands/index.js';
import { type KnownFigure, slabRatio } from './known.js';
import { Pace } from './pace.js';
import { integer, share } from './parameter.js';
import { stringContents } from './string-contents.js';
import { defineWorkload } from './workload.js';

/** The share of keys that have expired by the end of each wave. */
const WAVES = [
  { name: 'expired-50', gone: 0.5, stated: 'about 2', min: 1.8, max: 2.2 },
  { name: 'expired-90', gone: 0.9, stated: 'about 10', min: 8, max: 11 },
  { name: 'expired-97', gone: 0.97, stated: 'about 33', min: 28, max: 36 },
] as const;

/** Virtual time from one wave to the next. */
const WAVE_MS = 60_000;

/** A cache whose keys expire at random: slabs stay for the few keys that do not. */
export const ttlStorm = defineWorkload({
  name: 'ttl-storm',
  summary:
    'SET with PX; 50%, 90%, 97% of the keys expire at random, and the cache is asked for its keys after each',
  source: 'https://github.com/redis/redis/issues/1670 and 3275; reproduced on real servers',
  shows: 'a ratio of about 2 / 10 / 33; hardly a slab comes back before 97%',
  parameters: {
    keys: integer(1_000_000, 100, 50_000_000, 'keys'),
    valueBytes: integer(100, 0, 1_000_000, 'length of each value'),
    asked: share(
      1,
      'share of the keys that are asked for after each wave; an expired one that is goes at last',
    ),
    perSecond: integer(100_000, 1000, 1_000_000, 'commands a second of virtual time'),
    seed: integer(1, 0, 4_294_967_295, 'which keys expire when'),
  },
  phases: [
    { name: 'filled', meaning: 'all keys are there; the slabs open now are the cohort' },
    { name: 'expired-50', meaning: 'half of them have expired' },
    { name: 'expired-90', meaning: '90% have' },
    { name: 'expired-97', meaning: '97% have' },
  ],
  contents: ({ keys, valueBytes }, server) => stringContents(server, `cache:${keys - 1}`.length, valueBytes),
  estimateOperations: ({ keys, asked }) => keys * (30 + 3 * 6 * asked),

  *traffic({ keys, valueBytes, asked, perSecond, seed }) {
    const words = new CommandWriter();
    const pace = new Pace(words.command, perSecond);
    const random = new Random(seed);
    // Time that filling takes, and then a minute to each wave.
    const firstMs = Math.ceil((keys / perSecond) * 1000) + WAVE_MS;
    const stepMs = WAVE_MS + firstMs;
    for (let key = 0; key < keys; key++) {
      pace.step();
      const draw = random.share();
      const wave = WAVES.findIndex(({ gone }) => draw < gone);
      const dueMs = firstMs + (wave < 0 ? 1000 : wave) * stepMs;
      words.filled(valueBytes, 'SET', `cache:${key}`);
      words.word('PX');
      words.word(`${dueMs - pace.nowMs}`);
      yield words.command;
    }
    yield { phase: 'filled', isMark: true };
    for (const [index, { name }] of WAVES.entries()) {
      pace.rest(firstMs + index * stepMs + WAVE_MS / 2 - pace.nowMs);
      for (let key = 0; key < keys * asked; key++) {
        pace.step();
        yield words.words('EXISTS', `cache:${key}`);
      }
      yield { phase: name, atMs: pace.nowMs };
    }
  },

  known: ({ keys, valueBytes, asked }) =>
    keys === 1_000_000 && valueBytes === 100 && asked === 1 ? PUBLISHED : [],
});

const PUBLISHED: readonly KnownFigure[] = [
  ...WAVES.map(({ name, gone, stated, min, max }): KnownFigure => {
    // Large extents are left out: at so few keys a server's hash tables, 4 MB here, would hide what happens to slabs.
    const measure: KnownFigure['measure'] = (at) => {
      const phase = at(name);
      return phase && slabRatio(phase);
    };
    return {
      figure: `slabs over live bytes with ${gone * 100}% gone`,
      unit: 'ratio',
      stated,
      min,
      max,
      measure,
    };
  }),
  {
    figure: 'share of the slabs that came back with 90% gone',
    unit: 'share',
    stated: 'hardly one before 97%',
    max: 0.01,
    measure: (at) => at('expired-90')?.drainprof.cohortDsr ?? undefined,
  },
];
