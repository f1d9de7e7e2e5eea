import { Random } from '../src/base/index.js';
import { CommandWriter } from '../src/commands/index.js';
import type { KnownFigure } from './known.js';
import { integer } from './parameter.js';
import { defineWorkload } from './workload.js';

/** Values are uniform below the first; the second is the least that Redis's test accepts. */
const RANGES = [
  [32, 0.15],
  [64, 0.25],
  [128, 0.35],
  [1024, 0.75],
  [16_384, 0.82],
] as const;

/** Two bytes that separate a key from its value, the minimum of any store. */
const SEPARATORS = 2;

/** The share of a server's memory that is user data. */
export const memoryEfficiency = defineWorkload({
  name: 'memory-efficiency',
  summary: '10,000 SETs with value lengths uniform below 32, 64, 128, 1024, 16384; FLUSHALL before each',
  source: 'redis tests/unit/memefficiency.tcl, "Memory efficiency with values in range"',
  shows: 'user bytes of what used_memory grows by: at least .15 / .25 / .35 / .75 / .82',
  parameters: {
    keys: integer(10_000, 1, 10_000_000, 'keys in each phase'),
    seed: integer(1, 0, 4_294_967_295, 'of the lengths'),
  },
  phases: [
    { name: 'empty', meaning: 'no keys yet' },
    ...RANGES.map(([range]) => ({ name: nameOf(range), meaning: `values of less than ${range} bytes` })),
  ],
  estimateOperations: ({ keys }) => RANGES.length * keys * 16,

  *traffic({ keys, seed }) {
    const words = new CommandWriter();
    yield words.words('FLUSHALL');
    yield { phase: 'empty' };
    for (const [range] of RANGES) {
      yield words.words('FLUSHALL');
      const lengths = lengthsOf(range, keys, seed);
      for (let key = 0; key < keys; key++) yield words.filled(lengths[key]!, 'SET', `key:${key}`);
      yield { phase: nameOf(range), isMark: range === 32 };
    }
  },

  known: ({ keys, seed }) => (keys === 10_000 ? RANGES.map(([range]) => efficiency(range, keys, seed)) : []),
});

function nameOf(range: number): string {
  return `below-${range}`;
}

function lengthsOf(range: number, keys: number, seed: number): Uint32Array {
  const random = new Random(seed ^ range);
  return Uint32Array.from({ length: keys }, () => random.below(range));
}

function efficiency(range: number, keys: number, seed: number): KnownFigure {
  const atLeast = RANGES.find(([known]) => known === range)?.[1] as number;
  return {
    figure: `user bytes of what used_memory grew by, values below ${range}`,
    unit: 'share',
    stated: `at least ${atLeast}`,
    min: atLeast,
    measure: (at) => {
      const empty = at('empty');
      const filled = at(nameOf(range));
      if (empty === undefined || filled === undefined) return undefined;
      let written = 0;
      lengthsOf(range, keys, seed).forEach((length, key) => {
        written += `key:${key}`.length + length + SEPARATORS;
      });
      return written / (filled.memory.usedMemory - empty.memory.usedMemory);
    },
  };
}
