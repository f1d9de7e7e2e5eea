/** Fills a server at its memory limit with keys of one size and then of another, as two published experiments do. */
import { type Command, CommandWriter } from '../src/commands/index.js';
import type { ServerVersion } from '../src/model/index.js';
import { Pace } from './pace.js';
import { integer } from './parameter.js';
import { stringContents } from './string-contents.js';
import type { Content, Phase, PhaseEnd } from './workload.js';

export interface LruFill {
  readonly maxmemoryMb: number;
  readonly firstKeys: number;
  readonly firstBytes: number;
  readonly secondKeys: number;
  readonly secondBytes: number;
  readonly perSecond: number;
}

export const LRU_PHASES: readonly Phase[] = [
  {
    name: 'first',
    meaning: 'the first size has filled memory to its limit, and been evicted since; the cohort',
  },
  { name: 'second', meaning: 'the second size has taken the place of most of the first' },
];

export function lruParameters(defaults: { readonly firstBytes: number; readonly secondBytes: number }) {
  return {
    maxmemoryMb: integer(100, 1, 1_000_000, 'maxmemory in MiB, with allkeys-lru'),
    firstKeys: integer(700_000, 1, 50_000_000, 'keys of the first size'),
    firstBytes: integer(defaults.firstBytes, 1, 536_870_912, 'length of their values'),
    secondKeys: integer(170_000, 1, 50_000_000, 'keys of the second size'),
    secondBytes: integer(defaults.secondBytes, 1, 536_870_912, 'length of their values'),
    perSecond: integer(100_000, 1000, 1_000_000, 'commands a second of virtual time: an LRU clock needs one'),
  };
}

export function* lruFill(values: LruFill): Generator<Command | PhaseEnd> {
  const words = new CommandWriter();
  const pace = new Pace(words.command, values.perSecond);
  yield words.words('CONFIG', 'SET', 'maxmemory', `${values.maxmemoryMb}mb`);
  yield words.words('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  for (let key = 0; key < values.firstKeys; key++) {
    pace.step();
    yield words.filled(values.firstBytes, 'SET', `asdf1${key}`);
  }
  yield { phase: 'first', isMark: true };
  for (let key = 0; key < values.secondKeys; key++) {
    pace.step();
    yield words.filled(values.secondBytes, 'SET', `asdf2${key}`);
  }
  yield { phase: 'second' };
}

export function lruContents(values: LruFill, server: ServerVersion): Content[] {
  return stringContents(server, `asdf1${values.firstKeys}`.length, values.firstBytes, values.secondBytes);
}

export function estimateLruFill({ firstKeys, secondKeys }: LruFill): number {
  return (firstKeys + secondKeys) * 15;
}
