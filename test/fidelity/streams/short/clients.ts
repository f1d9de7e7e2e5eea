import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../../streams.js';
import { pick, text, textBetween } from '../words.js';
import { by, drawn, one } from './drawn.js';

export const slotsComeAndGo: FidelityStream = {
  name: 'slots-come-and-go',
  summary: 'keys of 300 hash tags and others are set and deleted, so that the tables of slots come and go',
  isCluster: true,
  *steps(): Generator<Step> {
    const random = new Random(531);
    let tag = '';
    const key = () => `${tag}:${random.below(20)}`;
    const at = (make: () => readonly Step[]) => () => {
      tag = `{t${random.below(300)}}`;
      return make();
    };
    const plain = () => `plain:${random.below(2000)}`;
    for (let round = 0; round < 4; round++) {
      const [sets, deletes] = round % 2 === 0 ? [4, 1] : [1, 4];
      yield* drawn(random, 2000, [
        [12 * sets, at(() => one('SET', key(), textBetween(random, 1, 200)))],
        [6 * sets, () => one('SET', plain(), textBetween(random, 1, 100), 'EX', '500000')],
        [
          3 * sets,
          () => one('HSET', `h:${random.below(400)}`, `f${random.below(30)}`, textBetween(random, 1, 50)),
        ],
        [14 * deletes, at(() => one('DEL', key(), key(), key()))],
        [6 * deletes, () => one('DEL', plain())],
        [4, at(() => one('RENAME', key(), key()))],
        [4, at(() => one('COPY', key(), key(), 'REPLACE'))],
        [
          4,
          at(() =>
            one('MSET', `${tag}:a`, textBetween(random, 1, 40), `${tag}:b`, textBetween(random, 1, 40)),
          ),
        ],
        [4, () => one('GET', plain())],
      ]);
    }
  },
};

export const groups: FidelityStream = {
  name: 'groups',
  summary: 'groups of consumers read, acknowledge, claim and lose entries of streams that are trimmed',
  *steps(): Generator<Step> {
    const random = new Random(532);
    const stream = () => `st:${random.below(40)}`;
    const group = () => `g${random.below(3)}`;
    const worker = () => `worker-${random.below(6)}`;
    // Identifiers are times of today, whose differences take more bits than small numbers have.
    let now = 1_796_070_000_000;
    const id = () => `${++now}-0`;
    const past = () => `${now - random.below(3000)}-0`;
    for (let index = 0; index < 40; index++) {
      for (let each = 0; each < 3; each++)
        yield ['XGROUP', 'CREATE', `st:${index}`, `g${each}`, '0', 'MKSTREAM'];
    }
    const event = () => textBetween(random, 4, 60);
    yield* drawn(random, 7000, [
      [36, () => one('XADD', stream(), id(), 'event', event(), 'user', `${random.below(10_000)}`)],
      [6, () => one('XADD', stream(), 'MAXLEN', '~', '100', id(), 'event', event())],
      [3, () => one('XADD', stream(), 'MAXLEN', '100', id(), 'a', textBetween(random, 4, 160))],
      [2, () => one('XADD', stream(), 'MINID', '~', past(), id(), 'blob', textBetween(random, 500, 5000))],
      [
        19,
        () =>
          one(
            'XREADGROUP',
            'GROUP',
            group(),
            worker(),
            'COUNT',
            `${1 + random.below(8)}`,
            'STREAMS',
            stream(),
            '>',
          ),
      ],
      [10, () => one('XACK', stream(), group(), past(), past(), past())],
      [4, () => one('XAUTOCLAIM', stream(), group(), worker(), '0', '0', 'COUNT', '5')],
      [3, () => one('XCLAIM', stream(), group(), worker(), '0', past(), past())],
      [2, () => one('XDEL', stream(), past(), past())],
      [1, () => one('XTRIM', stream(), 'MAXLEN', '~', '150')],
      [1, () => one('XREADGROUP', 'GROUP', group(), worker(), 'COUNT', '3', 'STREAMS', stream(), '0')],
      [1, () => one('XGROUP', 'DELCONSUMER', stream(), group(), worker())],
      [1, () => one('XGROUP', 'SETID', stream(), group(), past())],
      [1, () => one('COPY', stream(), `copy:${random.below(10)}`, 'REPLACE')],
    ]);
  },
};

export const transactions: FidelityStream = {
  name: 'transactions',
  summary: 'eight clients watch keys and queue up to 150 commands, which are carried out, dropped or refused',
  *steps(): Generator<Step> {
    const random = new Random(533);
    const key = () => `k:${random.below(1500)}`;
    for (let turn = 0; turn < 260; turn++) {
      const client = random.below(8);
      const say = (...words: readonly string[]) => [by(client, ...words)];
      if (random.below(3) === 0) yield* say('WATCH', key(), `w:${random.below(100)}`, key());
      if (random.below(9) === 0) yield* say('UNWATCH');
      if (random.below(5) === 0) yield by((client + 1) % 8, 'SET', key(), textBetween(random, 1, 100));
      yield* say('MULTI');
      yield* drawn(random, pick(random, [1, 5, 20, 100, 150]), [
        [4, () => say('SET', key(), textBetween(random, 1, 300))],
        [1, () => say('INCR', `c:${random.below(100)}`)],
        [1, () => say('HSET', `h:${random.below(200)}`, `f${random.below(40)}`, textBetween(random, 1, 40))],
        [1, () => say('ZADD', `z:${random.below(100)}`, `${random.below(99)}`, `m${random.below(50)}`)],
        [1, () => say('GETSET', key(), textBetween(random, 1, 30))],
        [1, () => say('DEL', key())],
        [1, () => say('EXPIRE', key(), '100000')],
      ]);
      if (random.below(20) === 0) yield* say('NOSUCHCOMMAND');
      yield* say(random.below(5) === 0 ? 'DISCARD' : 'EXEC');
    }
  },
};

export const applications: FidelityStream = {
  name: 'applications',
  summary: 'sessions, queues, a leaderboard, rate limits, cached documents and profiles of five clients',
  *steps(): Generator<Step> {
    const random = new Random(534);
    let client = 0;
    let now = 0;
    const say = (...words: readonly string[]): Step => by(client, ...words);
    const session = () => `session:${text(32, random.below(1200))}`;
    const document = () => `json:${random.below(300)}`;
    const user = () => `user:${random.below(800)}`;
    const player = () => `user:${random.below(2000)}`;
    const task = () => textBetween(random, 80, 300);
    const at = (make: () => readonly Step[]) => () => {
      client = random.below(5);
      now++;
      return make();
    };
    const window = (name: string) => [
      say('ZADD', name, `${now}`, `${now}`),
      say('ZREMRANGEBYSCORE', name, '0', `${now - 2000}`),
      say('ZCARD', name),
    ];
    yield* drawn(random, 8000, [
      [14, at(() => [say('SET', session(), textBetween(random, 150, 400), 'EX', '86400')])],
      [12, at(() => [say('GET', session())])],
      [6, at(() => [say('LPUSH', `queue:${random.below(8)}`, task())])],
      [6, at(() => [say('RPOPLPUSH', `queue:${random.below(8)}`, `busy:${random.below(8)}`)])],
      [2, at(() => [say('RPOP', `busy:${random.below(8)}`)])],
      [8, at(() => [say('ZINCRBY', 'leaderboard', `${random.below(100)}`, player())])],
      [3, at(() => [say('ZREVRANGE', 'leaderboard', '0', '9', 'WITHSCORES')])],
      [
        8,
        at(() => [
          say('INCR', `rate:${random.below(900)}`),
          say('EXPIRE', `rate:${random.below(900)}`, '60000', 'NX'),
        ]),
      ],
      [4, at(() => window(`win:${random.below(150)}`))],
      [
        8,
        at(() => [
          say(
            'SET',
            document(),
            textBetween(random, 200, pick(random, [1000, 3000, 12_000])),
            'PX',
            '90000000',
          ),
        ]),
      ],
      [10, at(() => [say('GET', document())])],
      [2, at(() => [say('MGET', document(), document())])],
      [2, at(() => [say('DEL', document())])],
      [
        2,
        at(() => [
          say(
            'HSET',
            user(),
            'name',
            textBetween(random, 4, 20),
            'email',
            textBetween(random, 10, 40),
            'seen',
            `${now}`,
          ),
        ]),
      ],
      [2, at(() => [say('HINCRBY', user(), 'visits', '1')])],
      [2, at(() => [say('PFADD', `uv:${random.below(20)}`, `u${random.below(100_000)}`)])],
    ]);
  },
};

export const served: FidelityStream = {
  name: 'blocking-clients',
  summary:
    'clients that wait are served by what others push; elements are moved between lists and sorted sets',
  *steps(): Generator<Step> {
    const random = new Random(535);
    const queue = () => `q:${random.below(40)}`;
    const waiting = () => 8 + random.below(6);
    const pushed = (make: (name: string) => Step): readonly Step[] => {
      const name = queue();
      return [by(7, 'RPUSH', name, textBetween(random, 5, 200)), make(name)];
    };
    const scored = (make: (name: string) => Step): readonly Step[] => {
      const name = `z:${random.below(40)}`;
      return [by(7, 'ZADD', name, '1', `m${random.below(99)}`), make(name)];
    };
    yield* drawn(random, 4000, [
      [4, () => [by(random.below(6), 'RPUSH', queue(), textBetween(random, 5, 200))]],
      [3, () => pushed((name) => by(waiting(), 'BLPOP', name, '0'))],
      [
        1,
        () => pushed((name) => by(waiting(), 'BLMOVE', name, `d:${random.below(40)}`, 'LEFT', 'RIGHT', '0')),
      ],
      [1, () => pushed((name) => by(waiting(), 'BLMPOP', '0', '2', name, queue(), 'RIGHT', 'COUNT', '2'))],
      [1, () => scored((name) => by(waiting(), 'BZPOPMIN', name, '0'))],
      [1, () => scored((name) => by(waiting(), 'BZMPOP', '0', '1', name, 'MAX'))],
    ]);
  },
};
