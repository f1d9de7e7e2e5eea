import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../../streams.js';
import { between, pick, shuffled, textBetween } from '../words.js';
import { drawn, one } from './drawn.js';

export const scoreChanges: FidelityStream = {
  name: 'score-changes',
  summary:
    'scores of 20 large and 300 small sorted sets change; ranges by rank, score and name are stored and removed',
  *steps(): Generator<Step> {
    const random = new Random(511);
    const player = () => `player:${random.below(600)}`;
    const member = () => `player:${random.below(200)}`;
    const score = () =>
      pick(random, [
        `${random.below(1000)}`,
        `${random.below(1e6) / 7}`,
        `${random.word()}`,
        `-${random.below(99)}.5`,
      ]);
    const large = () => `large:${random.below(20)}`;
    const small = () => `small:${random.below(300)}`;
    const names = () => `names:${random.below(60)}`;
    const stored = () => `stored:${random.below(80)}`;
    yield* drawn(random, 8000, [
      [28, () => one('ZADD', large(), score(), player(), score(), player())],
      [5, () => one('ZADD', large(), 'XX', 'CH', score(), player(), score(), player())],
      [6, () => one('ZINCRBY', large(), score(), player())],
      [15, () => one('ZADD', small(), score(), member(), score(), member())],
      [3, () => one('ZADD', small(), 'GT', score(), member())],
      [8, () => one('ZADD', names(), '0', textBetween(random, 1, 60), '0', `${random.below(9000)}`)],
      [2, () => one('ZRANGESTORE', stored(), large(), '0', `${random.below(300)}`)],
      [2, () => one('ZRANGESTORE', stored(), names(), '[v', pick(random, ['+', '[w', '(v5']), 'BYLEX')],
      [
        2,
        () =>
          one(
            'ZREMRANGEBYLEX',
            names(),
            pick(random, ['-', '[v1', '(3']),
            pick(random, ['[v3', '(v1', '[5']),
          ),
      ],
      [2, () => one('ZUNIONSTORE', stored(), '2', small(), small(), 'WEIGHTS', '2', '0.5')],
      [2, () => one('ZINTERSTORE', stored(), '2', large(), large(), 'AGGREGATE', 'MAX')],
      [1, () => one('ZDIFFSTORE', stored(), '2', small(), small())],
      [2, () => one('ZREMRANGEBYSCORE', small(), '0', '400')],
      [2, () => one('ZPOPMAX', large(), '3')],
      [5, () => one('ZREM', large(), player(), player())],
      [4, () => one('ZREM', small(), member())],
      [2, () => one('ZREVRANGE', large(), '0', '9', 'WITHSCORES')],
      [1, () => one('ZADD', small(), score(), textBetween(random, 50, 90))],
      [1, () => one('ZREMRANGEBYRANK', large(), '0', '20')],
      [2, () => one('DEL', small())],
    ]);
  },
};

export const setAlgebra: FidelityStream = {
  name: 'set-algebra',
  summary: 'unions, intersections and differences of packed, integer and large sets; SORT with STORE',
  *steps(): Generator<Step> {
    const random = new Random(512);
    const integers = () => `integers:${random.below(80)}`;
    const words = () => `words:${random.below(300)}`;
    const large = () => `large:${random.below(10)}`;
    const any = () => pick(random, [integers, words, large])();
    const result = () => `result:${random.below(200)}`;
    const tag = () => `tag:${random.below(300)}`;
    yield* drawn(random, 8000, [
      [
        20,
        () =>
          one('SADD', integers(), `${random.below(900)}`, `${random.below(900)}`, `${random.below(90_000)}`),
      ],
      [20, () => one('SADD', words(), tag(), tag(), `t${random.below(300)}`)],
      [
        20,
        () =>
          one('SADD', large(), `m:${random.below(900)}`, `${random.below(900)}`, textBetween(random, 3, 40)),
      ],
      [5, () => one('SINTERSTORE', result(), any(), any())],
      [5, () => one('SUNIONSTORE', result(), any(), any())],
      [4, () => one('SDIFFSTORE', result(), any(), any())],
      [3, () => one('SORT', pick(random, [integers, integers, large])(), 'ALPHA', 'DESC', 'STORE', result())],
      [5, () => one('SREM', integers(), `${random.below(900)}`, `${random.below(900)}`)],
      [5, () => one('SREM', words(), tag(), tag())],
      [4, () => one('SREM', large(), `m:${random.below(900)}`, `${random.below(900)}`)],
      [3, () => one('SMOVE', words(), words(), tag())],
      [2, () => one('SMEMBERS', words())],
      [2, () => one('DEL', any(), result())],
    ]);
  },
};

export const listLimits: FidelityStream = {
  name: 'list-limits',
  summary: 'elements of up to 12 KB at both ends of lists and within them, moved, trimmed and replaced',
  *steps(): Generator<Step> {
    const random = new Random(513);
    const list = () => `list:${random.below(100)}`;
    const small = () => `small:${random.below(500)}`;
    const end = () => pick(random, ['LEFT', 'RIGHT']);
    const longest = [20, 60, 400, 3000];
    const element = () =>
      random.below(4) === 0 ? `${random.below(100_000)}` : textBetween(random, 1, pick(random, longest));
    yield* drawn(random, 7000, [
      [24, () => one('LPUSH', list(), element())],
      [14, () => one('RPUSH', list(), `${random.below(30)}`, element())],
      [
        16,
        () =>
          one(pick(random, ['LPUSH', 'RPUSH']), small(), `${random.below(10)}`, textBetween(random, 1, 40)),
      ],
      [6, () => one('LINSERT', list(), pick(random, ['BEFORE', 'AFTER']), `${random.below(30)}`, element())],
      [4, () => one('LINSERT', small(), 'BEFORE', `${random.below(10)}`, textBetween(random, 1, 60))],
      [6, () => one('LSET', list(), `${between(random, -10, 10)}`, element())],
      [3, () => one('LREM', list(), `${between(random, -2, 2)}`, `${random.below(30)}`)],
      [4, () => one('LTRIM', list(), '0', `${random.below(60)}`)],
      [4, () => one('LPOP', list(), `${1 + random.below(5)}`)],
      [3, () => one('RPOP', small())],
      [3, () => one('LMOVE', list(), list(), end(), end())],
      [2, () => one('LMPOP', '2', small(), list(), 'RIGHT', 'COUNT', '2')],
      [1, () => one('LRANGE', list(), '0', '-1')],
      [1, () => one('LPUSH', list(), textBetween(random, 7000, 12_000))],
      [1, () => one('COPY', list(), list(), 'REPLACE')],
      [2, () => one('DEL', small())],
    ]);
  },
};

export const tablesChurn: FidelityStream = {
  name: 'tables-churn',
  summary: 'tables of keys, hashes and sets grow, and lose 19 of 20 elements, three times',
  *steps(): Generator<Step> {
    const random = new Random(514);
    for (const [round, keys] of [3000, 400, 2000].entries()) {
      for (const key of shuffled(random, keys)) yield ['SET', `r${round}:${key}`, textBetween(random, 5, 80)];
      for (const field of shuffled(random, 1500))
        yield ['HSET', `h:${round}`, `f:${field}`, textBetween(random, 1, 30)];
      for (const member of shuffled(random, 800)) yield ['SADD', `s:${round}`, `member-${member}`];
      yield { pauseMs: 500 };
      for (const key of shuffled(random, keys)) if (key % 20 !== 0) yield ['DEL', `r${round}:${key}`];
      for (const field of shuffled(random, 1500))
        if (field % 20 !== 0) yield ['HDEL', `h:${round}`, `f:${field}`];
      for (const member of shuffled(random, 800))
        if (member % 20 !== 0) yield ['SREM', `s:${round}`, `member-${member}`];
      yield { pauseMs: 1500 };
    }
  },
};

/** Each setting in turn, while containers of all types grow and shrink. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['hash-max-listpack-entries', '16'],
  ['zset-max-listpack-entries', '8'],
  ['set-max-intset-entries', '10'],
  ['list-max-listpack-size', '4'],
  ['list-max-listpack-size', '-1'],
  ['hash-max-listpack-value', '200'],
  ['zset-max-listpack-value', '10'],
  ['list-max-listpack-size', '-4'],
  ['stream-node-max-entries', '5'],
  ['hash-max-listpack-entries', '1000'],
  ['stream-node-max-bytes', '200'],
  ['set-max-intset-entries', '1000'],
  ['list-max-listpack-size', '100'],
  ['hll-sparse-max-bytes', '100'],
];

export const limitsChanged: FidelityStream = {
  name: 'limits-changed',
  summary: 'the limits of packed encodings are changed by CONFIG SET while containers grow and shrink',
  *steps(): Generator<Step> {
    const random = new Random(515);
    const numbered = (name: string, count = 40) => `${name}:${random.below(count)}`;
    const longest = [10, 100, 600];
    let entry = 0;
    for (const setting of SETTINGS) {
      yield* drawn(random, 500, [
        [20, () => one('HSET', numbered('hash'), `f${random.below(60)}`, textBetween(random, 1, 100))],
        [15, () => one('ZADD', numbered('zset'), `${random.below(99)}`, `m${random.below(50)}`)],
        [15, () => one('SADD', numbered('set'), `${random.below(80)}`)],
        [
          17,
          () =>
            one(
              pick(random, ['LPUSH', 'RPUSH']),
              numbered('list'),
              textBetween(random, 1, pick(random, longest)),
            ),
        ],
        [7, () => one('XADD', numbered('stream', 10), `${++entry}-1`, 'a', textBetween(random, 1, 40))],
        [4, () => one('PFADD', numbered('seen', 10), `u${random.below(3000)}`)],
        [4, () => one('LPOP', numbered('list'), '3')],
        [2, () => one('HDEL', numbered('hash'), `f${random.below(60)}`)],
        [2, () => one('LSET', numbered('list'), '0', textBetween(random, 1, 100))],
        [3, () => one('DEL', numbered(pick(random, ['hash', 'zset', 'set', 'list'])))],
      ]);
      yield ['CONFIG', 'SET', ...setting];
    }
  },
};
