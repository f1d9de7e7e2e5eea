import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../../streams.js';
import { between, pick, text, textBetween } from '../words.js';
import { by, drawn, one } from './drawn.js';

const NAME_LENGTHS = [3, 8, 12, 14, 15, 16, 20, 23, 24, 30, 31, 32, 40, 47, 48, 60, 64, 80];
const FAR = '500000';

export const embedding: FidelityStream = {
  name: 'embedding',
  summary:
    'names and values of lengths near the limits of embedding, with and without expiry, renamed and copied',
  *steps(): Generator<Step> {
    const random = new Random(501);
    const key = () => {
      const number = random.below(2500);
      return `${number}`.padEnd(NAME_LENGTHS[number % NAME_LENGTHS.length]!, 'k');
    };
    const longest = [20, 50, 70, 130, 200];
    const value = () =>
      random.below(4) === 0 ? `${random.below(20_000)}` : textBetween(random, 1, pick(random, longest));
    yield* drawn(random, 6000, [
      [25, () => one('SET', key(), value())],
      [12, () => one('SET', key(), value(), 'EX', FAR)],
      [4, () => one('SET', key(), value(), 'KEEPTTL')],
      [5, () => one('GETEX', key(), 'EX', FAR)],
      [4, () => one('GETEX', key(), 'PERSIST')],
      [6, () => one('PERSIST', key())],
      [9, () => one('EXPIRE', key(), FAR)],
      [8, () => one('RENAME', key(), key())],
      [9, () => one('COPY', key(), key(), 'REPLACE')],
      [4, () => one('GETSET', key(), value())],
      [2, () => one('GETDEL', key())],
      [4, () => one('APPEND', key(), textBetween(random, 1, 30))],
      [2, () => one('MSETNX', key(), value(), key(), value())],
      [3, () => one('INCR', `n${random.below(600)}`)],
      [3, () => one('DEL', key())],
    ]);
  },
};

const DEPTHS = [1, 16, 100, 2000];

export const pipelines: FidelityStream = {
  name: 'pipelines',
  summary: 'pipelines of 1, 16, 100 and 2,000 commands by seven clients',
  *steps(): Generator<Step> {
    const random = new Random(502);
    const key = () => `k:${random.below(2000)}`;
    for (let burst = 0; burst < 160; burst++) {
      const depth = burst % 80 === 79 ? 3 : random.below(3);
      const client = 1 + depth + (burst % 2) * 3;
      yield* drawn(random, DEPTHS[depth]!, [
        [30, () => [by(client, 'SET', key(), textBetween(random, 1, 400))]],
        [20, () => [by(client, 'GET', key())]],
        [
          10,
          () => [
            by(client, 'HSET', `h:${random.below(200)}`, `f${random.below(60)}`, textBetween(random, 1, 60)),
          ],
        ],
        [8, () => [by(client, 'LPUSH', `l:${random.below(100)}`, textBetween(random, 1, 200))]],
        [6, () => [by(client, 'RPOP', `l:${random.below(100)}`)]],
        [6, () => [by(client, 'SADD', `s:${random.below(100)}`, `m${random.below(300)}`)]],
        [
          6,
          () => [
            by(client, 'ZADD', `z:${random.below(100)}`, `${random.below(1000)}`, `m${random.below(200)}`),
          ],
        ],
        [4, () => [by(client, 'MGET', key(), key(), key())]],
        [3, () => [by(client, 'DEL', key())]],
        [4, () => [by(client, 'SET', key(), textBetween(random, 1000, 4000))]],
      ]);
    }
  },
};

export const growingStrings: FidelityStream = {
  name: 'growing-strings',
  summary:
    'APPEND, SETRANGE, SETBIT, BITFIELD and BITOP on strings that grow; numbers; replies with the old value',
  *steps(): Generator<Step> {
    const random = new Random(503);
    const log = () => `log:${random.below(400)}`;
    const page = () => `page:${random.below(400)}`;
    const bits = () => `bits:${random.below(300)}`;
    const number = () => `number:${random.below(300)}`;
    yield* drawn(random, 7000, [
      [25, () => one('APPEND', log(), textBetween(random, 1, 120))],
      [14, () => one('SETRANGE', page(), `${random.below(1200)}`, textBetween(random, 1, 60))],
      [
        10,
        () =>
          one('SETBIT', bits(), `${random.below(pick(random, [100, 3000, 20_000]))}`, `${random.below(2)}`),
      ],
      [4, () => one('BITFIELD', bits(), 'INCRBY', 'u16', `#${random.below(400)}`, '3', 'GET', 'u4', '0')],
      [4, () => one('BITOP', pick(random, ['OR', 'AND', 'XOR']), `op:${random.below(100)}`, bits(), bits())],
      [2, () => one('BITOP', 'NOT', `op:${random.below(100)}`, bits())],
      [6, () => one('SET', log(), textBetween(random, 1, 100), 'GET')],
      [5, () => one('INCRBYFLOAT', number(), pick(random, ['0.1', '1e3', '-2.5', '3', '1e15']))],
      [3, () => one('APPEND', number(), '1')],
      [
        4,
        () => one('PFADD', `seen:${random.below(60)}`, `${random.below(5000)}`, text(between(random, 3, 9))),
      ],
      [
        1,
        () =>
          one('PFMERGE', `all:${random.below(20)}`, `seen:${random.below(60)}`, `seen:${random.below(60)}`),
      ],
      [4, () => one('GETRANGE', log(), '0', '50')],
      [3, () => one('DEL', log())],
      [3, () => one('GETDEL', page())],
      [2, () => one('COPY', log(), log(), 'REPLACE')],
      [2, () => one('RENAME', log(), page())],
    ]);
  },
};
