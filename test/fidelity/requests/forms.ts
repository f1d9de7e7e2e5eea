/** Requests right and wrong: every command with options, over one key of each type, as the words that a client sends. */
import type { Random } from '#slablab/src/base/index.js';
import type { Words } from '../replies/lengths.js';

/** Each form: fixed words, then options. Upper case stands for itself, lower case for one of SLOTS. */
const FORMS = `
SET key value | NX | XX | GET | KEEPTTL | EX int | PX int | EXAT int | PXAT int | PERSIST
SETEX key int value
PSETEX key int value
GETEX key | EX int | PX int | EXAT int | PXAT int | PERSIST | KEEPTTL | NX
MSET key value | key value | key
MSETNX key value | key value | key
GETRANGE key int int
SETRANGE key int value
SETBIT key offset int
GETBIT key offset
BITCOUNT key | int int | int int BIT | int int BYTE | int
BITPOS key int | int | int int | int int BIT | int int BYTE
BITOP bitop key key | key
BITFIELD key | GET field offset | SET field offset int | INCRBY field offset int | OVERFLOW overflow
BITFIELD_RO key | GET field offset | SET field offset int | OVERFLOW overflow
LCS key key | LEN | WITHMATCHLEN | MINMATCHLEN int
INCRBY key int
DECRBY key int
INCRBYFLOAT key float
APPEND key value
GETDEL key
EXPIRE key int | NX | XX | GT | LT
PEXPIRE key int | NX | XX | GT | LT
EXPIREAT key int | NX | XX | GT | LT
PEXPIREAT key int | NX | XX | GT | LT
COPY key key | REPLACE | DB int
MOVE key int
SELECT int
SWAPDB int int
RENAME key key
FLUSHDB | SYNC | ASYNC
OBJECT objectword key
SCAN int | COUNT int | MATCH value | TYPE value
SSCAN key int | COUNT int | MATCH value | TYPE value | NOVALUES
HSCAN key int | COUNT int | MATCH value | NOVALUES | NOSCORES
ZSCAN key int | COUNT int | MATCH value | NOVALUES | NOSCORES
SORT key | ASC | DESC | ALPHA | LIMIT int int | BY value | GET value | STORE key
SORT_RO key | ASC | ALPHA | LIMIT int int | STORE key
LPOP key | int
RPOP key | int
LMPOP int key end | COUNT int | key end
LMOVE key key end end
LINSERT key where value value
LSET key int value
LREM key int value
LTRIM key int int
LRANGE key int int
LINDEX key int
LPOS key value | RANK int | COUNT int | MAXLEN int
BLPOP key timeout
BLMOVE key key end end timeout
BRPOPLPUSH key key timeout
BLMPOP timeout int key end | COUNT int
SPOP key | int
SRANDMEMBER key | int
SINTERCARD int key | key | LIMIT int
HSET key value value | value value | value
HINCRBY key value int
HINCRBYFLOAT key value float
HRANDFIELD key | int | int WITHVALUES
ZADD key | NX | XX | GT | LT | CH | INCR | float value | float value
ZINCRBY key float value
ZRANK key value
ZCOUNT key bound bound
ZLEXCOUNT key lex lex
ZRANGE key int int | BYSCORE | BYLEX | REV | WITHSCORES | LIMIT int int
ZRANGE key bound bound | BYSCORE | REV | WITHSCORES | LIMIT int int
ZRANGE key lex lex | BYLEX | REV | WITHSCORES | LIMIT int int
ZREVRANGE key int int | WITHSCORES | LIMIT int int
ZRANGEBYSCORE key bound bound | WITHSCORES | LIMIT int int | REV
ZREVRANGEBYSCORE key bound bound | WITHSCORES | LIMIT int int
ZRANGEBYLEX key lex lex | LIMIT int int | WITHSCORES
ZREVRANGEBYLEX key lex lex | LIMIT int int
ZRANGESTORE key key int int | BYSCORE | BYLEX | REV | LIMIT int int | WITHSCORES
ZRANGESTORE key key bound bound | BYSCORE | REV | LIMIT int int
ZREMRANGEBYRANK key int int
ZREMRANGEBYSCORE key bound bound
ZREMRANGEBYLEX key lex lex
ZPOPMIN key | int
ZPOPMAX key | int
ZMPOP int key extreme | COUNT int | key extreme
BZPOPMIN key timeout
BZMPOP timeout int key extreme | COUNT int
ZRANDMEMBER key | int | int WITHSCORES
ZUNION int key | key | WEIGHTS float | WEIGHTS float float | AGGREGATE aggregate | WITHSCORES
ZINTER int key | key | WEIGHTS float | WEIGHTS float float | AGGREGATE aggregate | WITHSCORES
ZDIFF int key | key | WITHSCORES | WEIGHTS float
ZUNIONSTORE key int key | key | WEIGHTS float | AGGREGATE aggregate | WITHSCORES
ZINTERCARD int key | key | LIMIT int
GEOADD key | NX | XX | CH | float float value | float float value | GT
GEODIST key value value | unit
GEOSEARCH key | FROMMEMBER value | FROMLONLAT float float | BYRADIUS float unit | BYBOX float float unit | ASC | DESC | COUNT int | ANY | WITHCOORD | WITHDIST | WITHHASH | STOREDIST
GEORADIUS key float float float unit | ASC | DESC | COUNT int | ANY | WITHCOORD | STORE key | STOREDIST key
GEORADIUSBYMEMBER key value float unit | ASC | COUNT int | ANY | WITHDIST | STORE key
XADD key | NOMKSTREAM | MAXLEN int | MAXLEN ~ int | MAXLEN = int | MINID id | MINID ~ id | LIMIT int | id value value | id value
XTRIM key | MAXLEN int | MAXLEN ~ int | MINID id | LIMIT int
XDEL key id | id
XLEN key
XSETID key id | ENTRIESADDED int | MAXDELETEDID id
XRANGE key rangeid rangeid | COUNT int
XREVRANGE key rangeid rangeid | COUNT int
XREAD | COUNT int | NOACK | GROUP g value | STREAMS key id | STREAMS key id key id | STREAMS key
XREADGROUP GROUP group value | COUNT int | NOACK | STREAMS key id | STREAMS key newid | STREAMS key id key id
XREADGROUP COUNT int GROUP group value STREAMS key newid
XACK key group id | id
XGROUP CREATE key group id | MKSTREAM | ENTRIESREAD int
XGROUP SETID key group id | ENTRIESREAD int
XGROUP DESTROY key group
XGROUP CREATECONSUMER key group value
XGROUP DELCONSUMER key group value
XCLAIM key group value int id | id | IDLE int | TIME int | RETRYCOUNT int | FORCE | JUSTID | LASTID id
XAUTOCLAIM key group value int rangeid | COUNT int | JUSTID
XPENDING key group | rangeid rangeid int | rangeid rangeid int value | IDLE int rangeid rangeid int | IDLE int
CONFIG SET setting value | setting value | setting
CLIENT SETNAME value
CLIENT NO-EVICT onoff
PING | value | value
WAIT 0 int`;

const SLOTS: Readonly<Record<string, readonly [usual: string, odd: string]>> = {
  key: ['s n l set h z st none', 'x'],
  value: ['a b hello 1-1 x 5 *', '- (a \x01'],
  int: [
    '0 1 2 5 100 -1 -2',
    'x 1.5 9223372036854775807 9223372036854775808 -9223372036854775808 07 2147483648 +1 4611686018427387904',
  ],
  float: ['0 1 2.5 0.01 100', 'x nan inf -1 1e400 -inf 0x10 1e-400'],
  timeout: ['0.01 0.001', 'x -1'],
  offset: ['0 1 7 100 #1', 'x -1 4294967296 #-1 # 07 9223372036854775807'],
  bound: ['1 2 (1 -inf +inf 3', 'x ( nan 1e400 (x'],
  lex: ['- + [a (b [z', 'a x ( ['],
  id: ['1-1 2-1 0 5 3-0', '$ > * x 1-x - + 1-* 18446744073709551616 0-0 5-*'],
  newid: ['>', '$ 0 + x'],
  rangeid: ['- + 1-1 2 (1-1 0', 'x $ ( (x (- (0-0 *'],
  field: ['u8 i16 u1 i64 u63', 'u64 i65 u0 x8 U8 u08 u i'],
  overflow: ['WRAP SAT FAIL', 'NOPE'],
  bitop: ['AND OR XOR NOT', 'NOPE'],
  end: ['LEFT RIGHT', 'NOPE'],
  where: ['BEFORE AFTER', 'NOPE'],
  extreme: ['MIN MAX', 'NOPE'],
  aggregate: ['SUM MIN MAX', 'NOPE'],
  unit: ['m km ft mi', 'x'],
  group: ['g', 'nogroup'],
  objectword: ['ENCODING REFCOUNT IDLETIME FREQ', 'NOPE'],
  setting: ['hz list-max-listpack-size', 'maxmemory-samples'],
  onoff: ['ON OFF', 'NOPE'],
  g: ['g', 'g'],
};

/** Fills a database with a key of each type. */
export const SETUP: readonly Words[] = [
  'FLUSHALL',
  'SELECT 0',
  'SET s hello',
  'SET n 10 EX 1000',
  'RPUSH l a b a 5',
  'SADD set a b',
  'HSET h a 1 b x',
  'ZADD z 1 a 2 b 3 hello',
  'XADD st 1-1 a 1',
  'XADD st 2-1 b 2',
  'XGROUP CREATE st g 0',
].map((line) => line.split(' '));

const forms = FORMS.trim()
  .split('\n')
  .map((line) => line.split(' | ').map((part) => part.split(' ')));

/** A request by chance: about half of them are refused. */
export function request(random: Random): Words {
  const pick = <Item>(items: readonly Item[]) => items[random.below(items.length)] as Item;
  const chance = (percent: number) => random.below(100) < percent;
  const fill = (words: readonly string[]) =>
    words.map((word) => {
      const slot = SLOTS[word];
      if (slot === undefined) return chance(10) ? word.toLowerCase() : word;
      return pick((slot[chance(12) ? 1 : 0] ?? '').split(' '));
    });
  const [fixed = [], ...options] = pick(forms);
  const words = fill(fixed);
  for (let left = options.length === 0 ? 0 : random.below(5); left > 0; left--) {
    const option = fill(pick(options));
    words.push(...(chance(6) ? option.slice(0, -1) : option));
  }
  if (chance(4) && words.length > 1) words.pop();
  if (chance(3)) words.push('NOPE');
  return words;
}
