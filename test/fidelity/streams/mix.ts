import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step, Words } from '../streams.js';
import { between, pick, textBetween } from './words.js';

type Maker = (random: Random, index: number) => Words;

/** Names are of one type nine times in ten: the tenth time a command meets whatever is there. */
function name(random: Random, type: string, of: number): string {
  return random.below(10) === 0 ? `any:${random.below(2400)}` : `${type}:${random.below(of)}`;
}

const STRING_KEYS = 60_000;
const string = (random: Random) => name(random, 'string', STRING_KEYS);
const list = (random: Random) => name(random, 'list', 900);
const hash = (random: Random) => name(random, 'hash', 1800);
const set = (random: Random) => name(random, 'set', 900);
const zset = (random: Random) => name(random, 'zset', 900);
const stream = (random: Random) => name(random, 'stream', 180);
const any = (random: Random) => pick(random, [string, list, hash, set, zset, stream])(random);

const value = (random: Random) =>
  random.below(3) === 0 ? `${random.below(50_000)}` : textBetween(random, 1, pick(random, [20, 200, 900]));
const member = (random: Random) => `m${random.below(200)}`;
const number = (random: Random) => `${random.below(600)}`;
const element = (random: Random) => pick(random, [member, number])(random);
const score = (random: Random) => `${random.below(10_000) / pick(random, [1, 7])}`;
const place = (random: Random) => name(random, 'place', 120);
// Under names of their own: what a HyperLogLog is once APPEND or SETBIT has written into it, no model says.
const sketch = (random: Random) => `seen:${random.below(150)}`;
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
  (r) => ['PFADD', sketch(r), element(r), value(r)],
  (r) => ['PFMERGE', sketch(r), sketch(r), sketch(r)],
  (r) => ['PFCOUNT', sketch(r), sketch(r)],
  (r) => ['STRLEN', string(r)],
  (r) => ['DECR', string(r)],
  (r) => ['INCRBY', string(r), number(r)],
  (r) => ['GETBIT', string(r), `${r.below(4000)}`],
  (r) => ['BITCOUNT', string(r)],
  (r) => ['BITPOS', string(r), '1'],
  (r) => ['BITFIELD', string(r), 'SET', 'u8', `${r.below(2000)}`, '7', 'INCRBY', 'i16', '0', '3'],
  (r) => ['LCS', string(r), string(r), 'LEN'],
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
  (r) => ['HKEYS', hash(r)],
  (r) => ['HVALS', hash(r)],
  (r) => ['HEXISTS', hash(r), member(r)],
  (r) => ['HSTRLEN', hash(r), member(r)],
  (r) => ['HRANDFIELD', hash(r), '3'],
  (r) => ['HSCAN', hash(r), '0'],
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
  (r) => ['LPUSHX', list(r), number(r)],
  (r) => ['LLEN', list(r)],
  (r) => ['LINDEX', list(r), index(r)],
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
  (r) => ['SMISMEMBER', set(r), element(r), element(r)],
  (r) => ['SCARD', set(r)],
  (r) => ['SRANDMEMBER', set(r), '3'],
  (r) => ['SSCAN', set(r), '0', 'COUNT', '20'],
  (r) => ['SUNION', set(r), set(r)],
  (r) => ['SINTER', set(r), set(r)],
  (r) => ['SDIFF', set(r), set(r)],
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
  (r) => ['ZREMRANGEBYLEX', zset(r), '[m1', '[m10'],
  (r) => ['ZPOPMIN', zset(r), '2'],
  (r) => ['ZMPOP', '2', zset(r), zset(r), 'MAX', 'COUNT', '2'],
  (r) => ['ZUNION', '2', zset(r), set(r)],
  (r) => ['ZINTER', '2', zset(r), zset(r), 'WITHSCORES'],
  (r) => ['ZDIFF', '2', zset(r), zset(r)],
  (r) => ['ZINTERCARD', '2', zset(r), zset(r)],
  (r) => ['GEOADD', place(r), '13.361', `${r.below(80)}.5`, member(r)],
  (r) => ['GEOADD', place(r), '13.361', `${r.below(80)}.5`, member(r)],
  (r) => ['GEODIST', place(r), member(r), member(r)],
  (r) => ['GEOSEARCHSTORE', place(r), place(r), 'FROMLONLAT', '13.361', '40', 'BYRADIUS', '500', 'km'],
  (r) => ['ZSCORE', zset(r), element(r)],
  (r) => ['ZMSCORE', zset(r), element(r), element(r)],
  (r) => ['ZCARD', zset(r)],
  (r) => ['ZRANK', zset(r), element(r)],
  (r) => ['ZCOUNT', zset(r), '0', '500'],
  (r) => ['ZRANGEBYSCORE', zset(r), '0', '500', 'LIMIT', '0', '5'],
  (r) => ['ZREVRANGE', zset(r), '0', '5'],
  (r) => ['ZRANDMEMBER', zset(r), '3'],
  (r) => ['ZSCAN', zset(r), '0', 'MATCH', 'm1*'],
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
  (r) => ['XREVRANGE', stream(r), '+', '-', 'COUNT', '5'],
  (r) => ['XREAD', 'COUNT', '3', 'STREAMS', stream(r), '0'],
  (r) => ['XLEN', stream(r)],
  (r) => ['XPENDING', stream(r), `group:${r.below(2)}`],
  (r) => ['XAUTOCLAIM', stream(r), `group:${r.below(2)}`, member(r), '0', '0', 'COUNT', '5'],
  (r, i) => ['XCLAIM', stream(r), `group:${r.below(2)}`, member(r), '0', `${between(r, 1, i + 1)}-1`],
  (r) => ['XGROUP', 'CREATECONSUMER', stream(r), `group:${r.below(2)}`, member(r)],
  (r) => ['XGROUP', 'DELCONSUMER', stream(r), `group:${r.below(2)}`, member(r)],
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
  (r) => ['SORT', set(r), 'ALPHA', 'LIMIT', '0', '10'],
  (r) => ['RENAMENX', any(r), any(r)],
  (r) => ['MOVE', any(r), '1'],
  (r) => ['EXPIRETIME', any(r)],
  (r) => ['PTTL', any(r)],
  (r) => ['EXISTS', any(r), any(r)],
  (r) => ['TYPE', any(r)],
  () => ['SCAN', '0', 'COUNT', '20'],
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
    '60,000 strings, then 200,000 commands drawn from all families; one name in ten is shared by all types, so that some are refused',
  *steps(): Generator<Step> {
    const random = new Random(601);
    // A keyspace as there is in any server: else so few slabs are there that two servers differ by half a percent of them.
    for (let key = 0; key < STRING_KEYS; key++) yield ['SET', `string:${key}`, value(random)];
    for (let step = 0; step < 200_000; step++) yield pick(random, pick(random, FAMILIES))(random, step);
  },
};
