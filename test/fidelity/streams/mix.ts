import { Random } from '#slablab/src/trace/index.js';
import type { FidelityStream, Step, Words } from '../streams.js';
import { between, pick, textBetween } from './words.js';

type Maker = (random: Random, index: number) => Words;

/** Names are of one type nine times in ten: the tenth time a command meets whatever is there. */
function name(random: Random, type: string, of: number): string {
  return random.below(10) === 0 ? `any:${random.below(800)}` : `${type}:${random.below(of)}`;
}

const string = (random: Random) => name(random, 'string', 12_000);
const list = (random: Random) => name(random, 'list', 300);
const hash = (random: Random) => name(random, 'hash', 600);
const set = (random: Random) => name(random, 'set', 300);
const zset = (random: Random) => name(random, 'zset', 300);
const stream = (random: Random) => name(random, 'stream', 60);
const any = (random: Random) => pick(random, [string, list, hash, set, zset, stream])(random);

const value = (random: Random) =>
  random.below(3) === 0 ? `${random.below(50_000)}` : textBetween(random, 1, pick(random, [20, 200, 900]));
const member = (random: Random) => `m${random.below(200)}`;
const number = (random: Random) => `${random.below(600)}`;
const element = (random: Random) => pick(random, [member, number])(random);
const score = (random: Random) => `${random.below(10_000) / pick(random, [1, 7])}`;
const index = (random: Random) => `${between(random, -20, 20)}`;

const STRINGS: readonly Maker[] = [
  (r) => ['SET', string(r), value(r)],
  (r) => ['SET', string(r), value(r)],
  (r) => ['SET', string(r), value(r)],
  (r) => ['SET', string(r), value(r), 'EX', '1000000'],
  (r) => ['SET', string(r), value(r), 'NX'],
  (r) => ['SET', string(r), value(r), 'XX', 'GET'],
  (r) => ['SETEX', string(r), '900000', value(r)],
  (r) => ['PSETEX', string(r), '900000000', value(r)],
  (r) => ['SETNX', string(r), value(r)],
  (r) => ['GETSET', string(r), value(r)],
  (r) => ['GETDEL', string(r)],
  (r) => ['GETEX', string(r), pick(r, ['PERSIST', 'EX']), ...(r.below(2) === 0 ? [] : ['500000'])],
  (r) => ['GET', string(r)],
  (r) => ['MGET', string(r), string(r)],
  (r) => ['MSET', string(r), value(r), string(r), value(r)],
  (r) => ['MSETNX', string(r), value(r), string(r), value(r)],
  (r) => ['APPEND', string(r), value(r)],
  (r) => ['SETRANGE', string(r), `${r.below(300)}`, value(r)],
  (r) => ['GETRANGE', string(r), '0', '9'],
  (r) => ['INCR', string(r)],
  (r) => ['DECRBY', string(r), number(r)],
  (r) => ['INCRBYFLOAT', string(r), '0.25'],
  (r) => ['SETBIT', string(r), `${r.below(4000)}`, '1'],
  (r) => ['BITOP', pick(r, ['AND', 'OR', 'XOR']), string(r), string(r), string(r)],
  (r) => ['PFADD', name(r, 'seen', 50), element(r), value(r)],
  (r) => ['PFMERGE', name(r, 'seen', 50), name(r, 'seen', 50), name(r, 'seen', 50)],
  (r) => ['STRLEN', string(r)],
];

const HASHES: readonly Maker[] = [
  (r) => ['HSET', hash(r), member(r), value(r)],
  (r) => ['HSET', hash(r), member(r), value(r), member(r), number(r)],
  (r) => ['HMSET', hash(r), member(r), number(r), member(r), number(r), member(r), number(r)],
  (r) => ['HSETNX', hash(r), member(r), number(r)],
  (r) => ['HINCRBY', hash(r), member(r), number(r)],
  (r) => ['HINCRBYFLOAT', hash(r), member(r), '1.5'],
  (r) => ['HDEL', hash(r), member(r), member(r)],
  (r) => ['HGET', hash(r), member(r)],
  (r) => ['HMGET', hash(r), member(r), member(r)],
  (r) => ['HGETALL', hash(r)],
  (r) => ['HLEN', hash(r)],
];

const LISTS: readonly Maker[] = [
  (r) => ['RPUSH', list(r), value(r)],
  (r) => ['LPUSH', list(r), value(r), value(r)],
  (r) => ['RPUSHX', list(r), value(r)],
  (r) => ['LPOP', list(r)],
  (r) => ['RPOP', list(r), '2'],
  (r) => ['LSET', list(r), index(r), value(r)],
  (r) => ['LINSERT', list(r), pick(r, ['BEFORE', 'AFTER']), number(r), value(r)],
  (r) => ['LREM', list(r), index(r), number(r)],
  (r) => ['LTRIM', list(r), '0', `${r.below(200)}`],
  (r) => ['RPOPLPUSH', list(r), list(r)],
  (r) => ['LMOVE', list(r), list(r), pick(r, ['LEFT', 'RIGHT']), pick(r, ['LEFT', 'RIGHT'])],
  (r) => ['LMPOP', '2', list(r), list(r), 'LEFT', 'COUNT', '3'],
  (r) => ['LRANGE', list(r), '0', '20'],
  (r) => ['LPOS', list(r), number(r)],
];

const SETS: readonly Maker[] = [
  (r) => ['SADD', set(r), number(r)],
  (r) => ['SADD', set(r), number(r), number(r), number(r)],
  (r) => ['SADD', set(r), element(r), element(r)],
  (r) => ['SREM', set(r), element(r), element(r)],
  (r) => ['SMOVE', set(r), set(r), element(r)],
  (r) => ['SUNIONSTORE', set(r), set(r), set(r)],
  (r) => ['SINTERSTORE', set(r), set(r), set(r)],
  (r) => ['SDIFFSTORE', set(r), set(r), set(r)],
  (r) => ['SISMEMBER', set(r), element(r)],
  (r) => ['SINTERCARD', '2', set(r), set(r)],
  (r) => ['SMEMBERS', set(r)],
];

const ZSETS: readonly Maker[] = [
  (r) => ['ZADD', zset(r), score(r), element(r)],
  (r) => ['ZADD', zset(r), score(r), element(r), score(r), element(r)],
  (r) => ['ZADD', zset(r), pick(r, ['NX', 'XX', 'GT']), score(r), element(r)],
  (r) => ['ZINCRBY', zset(r), score(r), element(r)],
  (r) => ['ZREM', zset(r), element(r), element(r)],
  (r) => ['ZPOPMAX', zset(r), '2'],
  (r) => ['ZREMRANGEBYSCORE', zset(r), '0', '100'],
  (r) => ['ZREMRANGEBYRANK', zset(r), '-3', '-1'],
  (r) => ['ZUNIONSTORE', zset(r), '2', zset(r), set(r)],
  (r) => ['ZINTERSTORE', zset(r), '2', zset(r), zset(r)],
  (r) => ['ZDIFFSTORE', zset(r), '2', zset(r), zset(r)],
  (r) => ['ZRANGESTORE', zset(r), zset(r), '0', '50'],
  (r) => ['GEOADD', name(r, 'place', 40), '13.361', `${r.below(80)}.5`, member(r)],
  (r) => ['ZSCORE', zset(r), element(r)],
  (r) => ['ZRANGE', zset(r), '0', '10', 'WITHSCORES'],
];

const STREAMS: readonly Maker[] = [
  (r, i) => ['XADD', stream(r), `${i + 1}-1`, member(r), value(r)],
  (r, i) => ['XADD', stream(r), 'MAXLEN', '200', `${i + 1}-1`, 'a', value(r), 'b', number(r)],
  (r, i) => ['XADD', stream(r), 'NOMKSTREAM', `${i + 1}-1`, member(r), number(r)],
  (r, i) => ['XDEL', stream(r), `${between(r, 1, i + 1)}-1`],
  (r) => ['XTRIM', stream(r), 'MAXLEN', `${r.below(300)}`],
  (r) => ['XGROUP', 'CREATE', stream(r), `group:${r.below(2)}`, '0'],
  (r) => ['XGROUP', 'DESTROY', stream(r), `group:${r.below(40)}`],
  (r) => ['XREADGROUP', 'GROUP', `group:${r.below(2)}`, member(r), 'COUNT', '5', 'STREAMS', stream(r), '>'],
  (r, i) => ['XACK', stream(r), `group:${r.below(2)}`, `${between(r, 1, i + 1)}-1`],
  (r) => ['XRANGE', stream(r), '-', '+', 'COUNT', '5'],
];

const KEYS: readonly Maker[] = [
  (r) => ['DEL', any(r)],
  (r) => ['DEL', any(r), any(r)],
  (r) => ['UNLINK', any(r)],
  (r) => ['RENAME', any(r), any(r)],
  (r) => ['COPY', any(r), any(r)],
  (r) => ['COPY', any(r), any(r), 'REPLACE'],
  (r) => ['EXPIRE', any(r), '800000'],
  (r) => ['PEXPIRE', any(r), '800000000', 'NX'],
  (r) => ['EXPIREAT', any(r), '1'],
  (r) => ['PERSIST', any(r)],
  (r) => ['SORT', list(r), 'ALPHA', 'STORE', list(r)],
  (r) => ['EXISTS', any(r), any(r)],
  (r) => ['TYPE', any(r)],
  (r) => ['TOUCH', any(r)],
  (r) => ['OBJECT', 'ENCODING', any(r)],
];

/** Each family as often as its traffic is usual; within one, each command alike. */
const FAMILIES: readonly (readonly Maker[])[] = [
  ...Array.from({ length: 6 }, () => STRINGS),
  ...Array.from({ length: 4 }, () => HASHES),
  ...Array.from({ length: 3 }, () => LISTS),
  ...Array.from({ length: 3 }, () => SETS),
  ...Array.from({ length: 3 }, () => ZSETS),
  ...Array.from({ length: 2 }, () => STREAMS),
  ...Array.from({ length: 2 }, () => KEYS),
];

export const mix: FidelityStream = {
  name: 'mix',
  summary:
    '120,000 commands drawn from all families; one name in ten is shared by all types, so that some are refused',
  *steps(): Generator<Step> {
    const random = new Random(601);
    for (let step = 0; step < 120_000; step++) yield pick(random, pick(random, FAMILIES))(random, step);
  },
};
