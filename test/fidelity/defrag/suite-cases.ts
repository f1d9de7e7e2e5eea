/**
 * Workloads like those on which Redis's and Valkey's own suites let active defragmentation run, with their limits. Most
 * have a quarter as many elements and a quarter of `active-defrag-ignore-bytes`, since the limits are ratios. Those of
 * less than 20 MB at that size are whole: there, what a server allocates at its start would count for too much.
 */
import { Random } from '#slablab/src/base/index.js';
import type { Step, Words } from '../streams.js';

export interface SuiteCase {
  readonly name: string;
  readonly servers: readonly string[];
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly populate: () => Iterable<Step>;
  readonly fragment: () => Iterable<Words>;
  /** Limits of `allocator_frag_ratio`: at most after `populate`, at least after `fragment`, at most at rest. */
  readonly populated?: number;
  readonly fragmented: number;
  readonly rested: number;
  /** The most regions that may be tried and left. */
  readonly misses?: number;
}

const REDIS = ['redis-8.6'];
const VALKEY = ['valkey-9.1'];

const REDIS_SETTINGS = [
  ['hz', '100'],
  ['active-defrag-threshold-lower', '5'],
  ['active-defrag-cycle-min', '65'],
  ['active-defrag-cycle-max', '75'],
] as const;

const VALKEY_SETTINGS = [
  ['active-defrag-threshold-lower', '5'],
  ['active-defrag-cycle-min', '40'],
  ['active-defrag-cycle-max', '60'],
  ['active-defrag-ignore-bytes', '625kb'],
] as const;

const ignoring = (bytes: string) => [...REDIS_SETTINGS, ['active-defrag-ignore-bytes', bytes] as const];

const evictedKeys: SuiteCase = {
  name: 'keys of which some were evicted',
  servers: REDIS,
  settings: [...ignoring('512kb'), ['maxmemory', '25mb'], ['maxmemory-policy', 'allkeys-lru']],
  *populate() {
    yield* strings(175_000, 'first', 150);
    yield* strings(25, 'first', 150, 1000);
    yield* strings(42_500, 'second', 300);
    yield* strings(25, 'second', 300, 1000);
  },
  *fragment() {
    yield ['CONFIG', 'SET', 'maxmemory', '28mb'];
  },
  fragmented: 1.4,
  rested: 1.1,
};

/** Scripts in turn with strings of their length, which are then all deleted. */
function scripts(
  servers: readonly string[],
  settings: SuiteCase['settings'],
  length: number,
  rested: number,
): SuiteCase {
  const count = 50_000;
  return {
    name: 'scripts',
    servers,
    settings,
    *populate() {
      for (let script = 0; script < count; script++) {
        const text = `--${'x'.repeat(length)}\nreturn ${`${script}`.padStart(6, '0')}`;
        yield ['SCRIPT', 'LOAD', text];
        yield ['SET', `k${script}`, text];
      }
    },
    *fragment() {
      for (let key = 0; key < count; key++) yield ['DEL', `k${key}`];
    },
    populated: 1.05,
    fragmented: 1.4,
    rested,
  };
}

const amongBigKeys: SuiteCase = {
  name: 'strings beside big values of each type',
  servers: REDIS,
  settings: [
    ...ignoring('512kb'),
    ['active-defrag-max-scan-fields', '1000'],
    ['list-max-listpack-size', '5'],
    ['stream-node-max-entries', '5'],
  ],
  *populate() {
    yield ['HMSET', 'hash', 'h1', 'v1', 'h2', 'v2', 'h3', 'v3'];
    yield ['LPUSH', 'list', 'a', 'b', 'c', 'd'];
    yield ['ZADD', 'zset', '0', 'a', '1', 'b', '2', 'c', '3', 'd'];
    yield ['SADD', 'set', 'a', 'b', 'c', 'd'];
    yield ['XADD', 'stream', '1-1', 'item', '1', 'value', 'a'];
    yield ['XADD', 'stream', '1-2', 'item', '2', 'value', 'b'];
    yield ['XGROUP', 'CREATE', 'stream', 'group', '0'];
    yield ['XREADGROUP', 'GROUP', 'group', 'Alice', 'COUNT', '1', 'STREAMS', 'stream', '>'];
    for (let one = 0; one < 2500; one++) {
      yield ['HSET', 'bighash', `${one}`, `some text of ${one}`];
      yield ['LPUSH', 'biglist', `some text of ${one}`];
      yield ['ZADD', 'bigzset', `${one}`, `some text of ${one}`];
      yield ['SADD', 'bigset', `some text of ${one}`];
      yield ['XADD', 'bigstream', `1-${one + 1}`, 'item', '1', 'value', 'a'];
    }
    for (let key = 0; key < 125_000; key++) yield ['SETRANGE', `${key}`, '150', 'a'];
  },
  *fragment() {
    for (let key = 0; key < 125_000; key += 2) yield ['DEL', `${key}`];
  },
  fragmented: 1.5,
  rested: 1.1,
};

const expiringFields: SuiteCase = {
  name: 'fields that expire',
  servers: REDIS,
  settings: [
    ...ignoring('375kb'),
    ['active-defrag-threshold-lower', '12'],
    ['hash-max-listpack-value', '512'],
    ['hash-max-listpack-entries', '10'],
  ],
  *populate() {
    const text = 'x'.repeat(400);
    for (let hash = 0; hash < 750; hash++) {
      for (let field = 0; field < 16; field++) {
        yield ['HSET', `h${hash}`, `f${field}`, text];
        yield ['HEXPIRE', `h${hash}`, '9999999', 'FIELDS', '1', `f${field}`];
        yield ['SET', `k${hash}:${field}`, text];
      }
    }
  },
  *fragment() {
    for (let hash = 0; hash < 750; hash++) {
      for (let field = 0; field < 16; field++) yield ['DEL', `k${hash}:${field}`];
    }
  },
  populated: 1.05,
  fragmented: 1.35,
  rested: 1.5,
};

const everyOtherString: SuiteCase = {
  name: 'every other string of 400 bytes',
  servers: REDIS,
  settings: ignoring('1000kb'),
  *populate() {
    for (let key = 0; key < 80_000; key++) yield ['SET', `k${key}`, 'x'.repeat(400)];
  },
  *fragment() {
    for (let key = 0; key < 80_000; key += 2) yield ['DEL', `k${key}`];
  },
  populated: 1.05,
  fragmented: 1.4,
  rested: 1.05,
};

const twoLists: SuiteCase = {
  name: 'a long list whose nodes lie between those of another, which is deleted',
  servers: REDIS,
  settings: [
    ...ignoring('512kb'),
    ['active-defrag-max-scan-fields', '1000'],
    ['list-max-listpack-size', '5'],
  ],
  *populate() {
    for (let element = 0; element < 125_000; element++) {
      yield ['LPUSH', 'biglist1', 'A'.repeat(100)];
      yield ['LPUSH', 'biglist2', 'A'.repeat(100)];
    }
  },
  *fragment() {
    yield ['DEL', 'biglist2'];
  },
  fragmented: 1.5,
  rested: 1.1,
  misses: 125_000,
};

/** All slabs of a class are filled alike but the one that new regions come from, which is emptier. */
const slabsAlike: SuiteCase = {
  name: 'slabs that are all half full',
  servers: REDIS,
  settings: [...ignoring('250kb'), ['active-defrag-max-scan-fields', '1000']],
  *populate() {
    for (let key = 0; key < 32; key++) yield ['SETRANGE', `_${key}`, '600', 'x'];
    for (let key = 0; key < 160_000; key++) yield ['SETRANGE', `${key}`, '600', 'x'];
  },
  *fragment() {
    for (let key = 0; key < 160_000; key += 2) yield ['DEL', `${key}`];
    for (let key = 10; key < 32; key++) yield ['DEL', `_${key}`];
  },
  fragmented: 1.3,
  rested: 1.1,
  misses: 2_500_000,
};

/** A case of Valkey's suite: 50,000 elements, of which every other one is removed. */
function halved(
  name: string,
  add: (key: number, element: number, random: Random) => readonly Words[],
  remove: (key: number, element: number) => readonly Words[],
  settings: SuiteCase['settings'] = [],
): SuiteCase {
  const count = 50_000;
  return {
    name,
    servers: VALKEY,
    settings: [...VALKEY_SETTINGS, ...settings],
    *populate() {
      const random = new Random(5);
      for (const [key, element] of growing(count)) yield* add(key, element, random);
    },
    *fragment() {
      for (const [key, element] of growing(count)) if (element % 2 === 0) yield* remove(key, element);
    },
    populated: 1.05,
    fragmented: 1.4,
    rested: 1.1,
  };
}

/** Keys of 2, 4, 8 ... elements. */
function* growing(count: number): Generator<readonly [key: number, element: number]> {
  let key = 0;
  let element = 0;
  for (let one = 0; one < count; one++) {
    yield [key, element++];
    if (element < 2 ** (key + 1)) continue;
    key++;
    element = 0;
  }
}

function* strings(count: number, prefix: string, length: number, seconds?: number): Generator<Words> {
  const life = seconds === undefined ? [] : ['EX', `${seconds}`];
  for (let key = 0; key < count; key++) yield ['SET', `${prefix}${key}`, 'A'.repeat(length), ...life];
}

const KEYS = 50_000;

const halvedKeys: SuiteCase = {
  name: 'every other key, of which a third expires',
  servers: VALKEY,
  settings: VALKEY_SETTINGS,
  *populate() {
    for (let key = 0; key < KEYS; key++) {
      yield ['SETRANGE', `${key}`, '250', 'a'];
      if (key % 3 === 0) yield ['EXPIRE', `${key}`, '1000'];
    }
  },
  *fragment() {
    for (let key = 0; key < KEYS; key += 2) yield ['DEL', `${key}`];
  },
  populated: 1.05,
  fragmented: 1.4,
  rested: 1.1,
};

const halvedStreams: SuiteCase = {
  name: 'every other stream of one entry',
  servers: VALKEY,
  settings: [...VALKEY_SETTINGS, ['stream-node-max-bytes', '128']],
  *populate() {
    const text = 'A'.repeat(50);
    for (let key = 0; key < KEYS; key++) yield ['XADD', `k${key}`, '1-1', 'field1', text, 'field2', text];
  },
  *fragment() {
    for (let key = 0; key < KEYS; key += 2) yield ['DEL', `k${key}`];
  },
  populated: 1.05,
  fragmented: 1.4,
  rested: 1.1,
};

const LONG = 'A'.repeat(250);

export const SUITE_CASES: readonly SuiteCase[] = [
  evictedKeys,
  scripts(REDIS, ignoring('1500kb'), 400, 1.05),
  amongBigKeys,
  expiringFields,
  everyOtherString,
  twoLists,
  slabsAlike,
  halvedKeys,
  scripts(VALKEY, [...VALKEY_SETTINGS, ['active-defrag-ignore-bytes', '2500kb']], 450, 1.1),
  halved(
    'every other field of hashes',
    (key, field) => [['HSET', `k${key}`, `f${field}`, LONG]],
    (key, field) => [['HDEL', `k${key}`, `f${field}`]],
  ),
  halved(
    'lists with an element less in each node',
    (key) => [['LPUSH', `k${key}`, 'A'.repeat(350)]],
    (key) => [
      ['LTRIM', `k${key}`, '1', '-1'],
      ['LMOVE', `k${key}`, `k${key}`, 'LEFT', 'RIGHT'],
    ],
    [['list-max-listpack-size', '3']],
  ),
  halved(
    'every other member of sets',
    (key, member) => [['SADD', `k${key}`, `${'A'.repeat(300)}${member}`]],
    (key, member) => [['SREM', `k${key}`, `${'A'.repeat(300)}${member}`]],
  ),
  halved(
    'every other member of sorted sets with random scores',
    (key, member, random) => [['ZADD', `k${key}`, `${random.share()}`, `${LONG}${member}`]],
    (key, member) => [['ZREM', `k${key}`, `${LONG}${member}`]],
  ),
  halved(
    'every other member of sorted sets with one score',
    (key, member) => [['ZADD', `k${key}`, '0', `${LONG}${member}`]],
    (key, member) => [['ZREM', `k${key}`, `${LONG}${member}`]],
  ),
  halvedStreams,
];
