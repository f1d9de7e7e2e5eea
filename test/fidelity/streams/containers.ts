import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../streams.js';
import { between, text, textBetween } from './words.js';

export const lists: FidelityStream = {
  name: 'lists-as-queues',
  summary:
    '600 queues filled and drained in bursts, items of 5 to 300 bytes, each with a record; 40 backlogs that only grow; trims, moves, items set anew',
  *steps(): Generator<Step> {
    const random = new Random(201);
    const queue = () => `queue:${random.below(600)}`;
    const backlog = () => `backlog:${random.below(40)}`;
    const job = () => `job:${random.below(80_000)}`;
    for (let burst = 0; burst < 1000; burst++) {
      const filling = burst % 3 !== 2;
      for (let index = 0; index < 200; index++) {
        const kind = random.below(100);
        if (index % 5 === 0) {
          const item = () => textBetween(random, 5, 300);
          yield ['RPUSH', backlog(), item(), item(), item()];
        } else if (kind < (filling ? 50 : 15)) yield ['RPUSH', queue(), textBetween(random, 5, 300)];
        else if (kind < (filling ? 70 : 25)) yield ['SET', job(), textBetween(random, 40, 140)];
        else if (kind < (filling ? 76 : 30)) {
          yield ['LPUSH', queue(), textBetween(random, 5, 60), `${random.below(1_000_000)}`];
        } else if (kind < 90) yield ['LPOP', queue()];
        else if (kind < 92) yield ['DEL', job()];
        else if (kind < 94) yield ['RPOP', queue(), '3'];
        else if (kind < 96) yield ['LMOVE', queue(), queue(), 'LEFT', 'RIGHT'];
        else if (kind < 98) yield ['LSET', queue(), `${random.below(30)}`, textBetween(random, 5, 300)];
        else if (kind < 99) yield ['LTRIM', queue(), '0', '400'];
        else yield ['LRANGE', queue(), '0', '10'];
      }
    }
  },
};

export const hashes: FidelityStream = {
  name: 'hashes',
  summary:
    '16,000 hashes of 5 to 60 fields, 160 of hundreds; fields set anew, counted up and deleted; some values above 64 bytes',
  *steps(): Generator<Step> {
    const random = new Random(202);
    for (let index = 0; index < 200_000; index++) {
      const large = random.below(4) === 0;
      const key = large ? `table:${random.below(160)}` : `user:${random.below(16_000)}`;
      const field = `field:${random.below(large ? 900 : 60)}`;
      const kind = random.below(100);
      if (kind < 60) yield ['HSET', key, field, textBetween(random, 1, 64)];
      else if (kind < 70) {
        yield [
          'HSET',
          key,
          `a${random.below(9)}`,
          textBetween(random, 5, 30),
          `b${random.below(9)}`,
          `${index}`,
        ];
      } else if (kind < 71) yield ['HSET', key, field, textBetween(random, 60, 120)];
      else if (kind < 80) yield ['HINCRBY', key, `count:${random.below(10)}`, `${random.below(1000)}`];
      else if (kind < 94) yield ['HDEL', key, field];
      else if (kind < 97) yield ['HGET', key, field];
      else if (kind < 99) yield ['HSETNX', key, field, textBetween(random, 1, 40)];
      else yield ['DEL', `user:${random.below(16_000)}`];
    }
  },
};

export const sets: FidelityStream = {
  name: 'sets',
  summary:
    'sets of integers and of words, small and large, crossing every encoding; moves, unions, intersections, removals',
  *steps(): Generator<Step> {
    const random = new Random(203);
    for (let index = 0; index < 200_000; index++) {
      const kind = random.below(100);
      if (kind < 30) yield ['SADD', `ids:${random.below(400)}`, `${random.below(700)}`];
      else if (kind < 40) yield ['SADD', `wide:${random.below(80)}`, `${random.word() * 4096}`];
      else if (kind < 60) {
        const tag = () => `a longer tag:${random.below(400)}`;
        yield ['SADD', `tags:${random.below(8000)}`, tag(), tag(), tag(), tag()];
      } else if (kind < 70)
        yield [
          'SADD',
          `many:${random.below(40)}`,
          `member:${random.below(4000)}`,
          text(9, index),
          text(20, index),
        ];
      else if (kind < 71) yield ['SADD', `tags:${random.below(8000)}`, textBetween(random, 60, 90)];
      else if (kind < 80) yield ['SREM', `ids:${random.below(400)}`, `${random.below(700)}`];
      else if (kind < 90) yield ['SREM', `tags:${random.below(8000)}`, `a longer tag:${random.below(400)}`];
      else if (kind < 95) yield ['SREM', `many:${random.below(40)}`, `member:${random.below(4000)}`];
      else if (kind < 97) {
        yield [
          'SMOVE',
          `tags:${random.below(8000)}`,
          `tags:${random.below(8000)}`,
          `a longer tag:${random.below(400)}`,
        ];
      } else if (kind < 98) {
        yield [
          'SUNIONSTORE',
          `union:${random.below(200)}`,
          `tags:${random.below(8000)}`,
          `tags:${random.below(8000)}`,
        ];
      } else if (kind < 99) {
        yield [
          'SINTERSTORE',
          `common:${random.below(200)}`,
          `ids:${random.below(400)}`,
          `ids:${random.below(400)}`,
        ];
      } else yield ['SISMEMBER', `ids:${random.below(400)}`, `${random.below(700)}`];
    }
  },
};

export const sortedSets: FidelityStream = {
  name: 'sorted-sets',
  summary:
    'leaderboards of up to 3,000 members and small sorted sets; scores change, ranks are cut off, lowest are popped',
  *steps(): Generator<Step> {
    const random = new Random(204);
    const member = (of: number) => `player:${random.below(of)}`;
    for (let index = 0; index < 200_000; index++) {
      const board = `board:${random.below(80)}`;
      const small = `small:${random.below(10_000)}`;
      const score = `${random.below(100_000)}`;
      const kind = random.below(100);
      if (kind < 35) yield ['ZADD', board, score, member(3000)];
      else if (kind < 60) yield ['ZADD', small, score, member(160), score, member(160), '1.5', member(160)];
      else if (kind < 65) yield ['ZADD', small, `${random.share()}`, member(160), score, member(160)];
      else if (kind < 75) yield ['ZINCRBY', board, `${random.below(50)}`, member(3000)];
      else if (kind < 84) yield ['ZREM', board, member(3000)];
      else if (kind < 93) yield ['ZREM', small, member(160)];
      else if (kind < 95) yield ['ZPOPMIN', board, `${between(random, 1, 5)}`];
      else if (kind < 96) yield ['ZREMRANGEBYRANK', board, '0', '3'];
      else if (kind < 97) yield ['ZADD', small, score, textBetween(random, 60, 80)];
      else if (kind < 98) yield ['ZRANGESTORE', `top:${random.below(160)}`, board, '0', '99', 'REV'];
      else yield ['ZRANGE', board, '0', '5'];
    }
  },
};

export const streamEntries: FidelityStream = {
  name: 'streams',
  summary:
    '300 streams with entries of one and of changing fields; entries deleted and trimmed; consumer groups',
  *steps(): Generator<Step> {
    const random = new Random(205);
    const name = (of: number) => `stream:${random.below(of)}`;
    for (let index = 0; index < 80; index++) {
      yield ['XGROUP', 'CREATE', `stream:${index}`, 'workers', '0', 'MKSTREAM'];
    }
    for (let index = 1; index <= 200_000; index++) {
      const kind = random.below(100);
      const id = `${index}-1`;
      if (kind < 60) yield ['XADD', name(300), id, 'value', textBetween(random, 5, 90)];
      else if (kind < 75) {
        yield ['XADD', name(300), id, 'a', `${index}`, `f${random.below(4)}`, textBetween(random, 5, 200)];
      } else if (kind < 80)
        yield ['XADD', name(300), 'MAXLEN', '~', '500', id, 'value', textBetween(random, 5, 90)];
      else if (kind < 85) yield ['XDEL', name(300), `${between(random, 1, index)}-1`];
      else if (kind < 86) yield ['XTRIM', name(300), 'MAXLEN', `${between(random, 100, 600)}`];
      else if (kind < 93) {
        const consumer = `consumer:${random.below(4)}`;
        yield ['XREADGROUP', 'GROUP', 'workers', consumer, 'COUNT', '3', 'STREAMS', name(80), '>'];
      } else if (kind < 97) yield ['XACK', name(80), 'workers', `${between(random, 1, index)}-1`];
      else yield ['XLEN', name(300)];
    }
  },
};
