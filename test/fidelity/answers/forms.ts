import type { Random } from '#slablab/src/base/index.js';
import { commandsOf } from '#slablab/src/commands/index.js';
import { findServer } from '#slablab/src/model/index.js';
import { storeCommands } from '#slablab/src/store/commands/handlers.js';
import { commands } from '../replies/grammar.js';
import type { Words } from '../replies/lengths.js';
import { type Forms, vocabulary } from '../replies/vocabulary.js';

/**
 * Not sent with arguments at random: what changes the connection, and what is left to chance or to the clock. Commands
 * that wait, and those with several replies, are in dialogues.
 */
const NOT_SENT = new Set([
  ...['quit', 'reset', 'client', 'hello', 'auth', 'debug', 'info', 'command', 'config', 'lastsave'],
  ...['ttl', 'pttl', 'time', 'randomkey', 'spop', 'srandmember', 'hrandfield', 'zrandmember'],
]);

/** Beside what the model's own grammar has: contents, connections, transactions, and how things are refused. */
const answerForms: Forms = ({ below, number, pick, some, key, anyKey, member, integer }) => {
  const b = () => key('b');
  const z = () => key('z');
  const low = () => pick('-', '[m1', '(m2', '[', 'x');
  const high = () => pick('+', '[m3', '(m9', '+x');
  const limit = () => some(40, 'LIMIT', pick(number(4), '-1'), pick(number(9), '-1'));
  const names = [...storeCommands(commandsOf(findServer('redis-7.2')!)).values()].filter(
    ({ name, reply, flags }) =>
      !NOT_SENT.has(name) && !name.includes('|') && reply === undefined && !flags.has('blocking'),
  );
  return [
    () => ['GETBIT', b(), pick(number(900), '-1', 'x')],
    () => ['BITCOUNT', b(), ...some(60, integer(), integer(), ...some(50, pick('BIT', 'BYTE', 'NO')))],
    () => ['BITCOUNT', b(), integer()],
    () => ['BITPOS', b(), pick('0', '1', '2'), ...some(60, integer(), ...some(60, integer()))],
    () => ['BITPOS', b(), pick('0', '1'), number(9), `-${1 + below(9)}`, pick('BIT', 'BYTE')],
    () => ['BITOP', 'XOR', b(), b(), b(), b()],
    () => ['BITOP', pick('AND', 'OR', 'XOR', 'NOT'), b(), b()],
    () => ['SETBIT', b(), number(100), pick('0', '1')],
    () => ['GET', pick(b(), 'pf0', 'pf1')],
    () => ['PFCOUNT', pick('pf0', 'pf1', 'none', key('k')), ...some(30, 'pf1')],
    () => ['PFADD', 'pf0', ...Array.from({ length: below(300) }, () => number(100_000))],
    () => ['LCS', key('k'), key('k'), ...some(40, 'LEN')],
    () => [
      'LCS',
      key('k'),
      key('k'),
      'IDX',
      ...some(40, 'MINMATCHLEN', number(4)),
      ...some(40, 'WITHMATCHLEN'),
    ],
    () => ['EXPIREAT', anyKey(), `${4_000_000_000 + below(1000)}`],
    () => [pick('EXPIRETIME', 'PEXPIRETIME'), anyKey()],
    () => ['PEXPIREAT', anyKey(), pick('4000000000123', '9007199254740991', '1.5')],
    () => [pick('EXPIRE', 'PEXPIRE'), anyKey(), '9223372036854775807'],
    () => ['EXPIRE', anyKey(), '100', ...pick(['NX', 'XX'], ['GT', 'LT'], ['NX', 'BAD'])],
    () => ['GETEX', key('k'), pick('EXAT', 'PXAT'), pick('4000000000', '-5', '9007199254740991')],
    () => ['SET', key('k'), member(), pick('EX', 'PX', 'KEEPTTL', 'PERSIST'), pick('10000000', 'x', 'NX')],
    () => [
      'ZRANGE',
      'lex',
      low(),
      high(),
      'BYLEX',
      ...some(30, 'REV'),
      ...limit(),
      ...some(10, 'WITHSCORES'),
    ],
    () => ['ZRANGE', 'lex', high(), low(), 'BYLEX', 'REV', ...limit()],
    () => ['ZREVRANGEBYLEX', 'lex', high(), low(), ...limit()],
    () => ['ZRANGE', z(), integer(), integer(), 'REV', ...limit()],
    () => ['ZRANGESTORE', z(), 'lex', low(), high(), 'BYLEX', ...limit()],
    () => ['ZADD', z(), pick('inf', '-inf', '+inf', 'nan', '1e300', '1.0e2', '-0'), member()],
    () => ['ZINCRBY', z(), pick('inf', '-inf', '1e308'), member()],
    () => ['ZUNION', '2', z(), z(), 'WEIGHTS', pick('inf', '0', 'x'), '1', 'WITHSCORES'],
    () => ['ZADD', z(), ...pick(['NX', 'XX'], ['NX', 'GT'], ['GT', 'LT'], ['GT', 'CH']), '1', member()],
    () => ['ZADD', z(), 'INCR', '1', 'a', '2', 'b'],
    () => ['LPOS', key('l'), member(), pick('RANK', 'COUNT', 'MAXLEN'), pick('-1', '0', 'x')],
    () => ['LINSERT', key('l'), 'AFTER', member(), member()],
    () => ['SRANDMEMBER', key('s'), pick('0', 'x')],
    () => ['SPOP', key('s'), pick('0', '-1', 'x')],
    () => ['HRANDFIELD', key('h'), pick('0', 'x'), ...some(50, pick('WITHVALUES', 'BAD'))],
    () => ['HINCRBY', key('h'), 'f1', '9223372036854775807'],
    () => ['HINCRBYFLOAT', key('h'), 'f3', pick('1e300', 'inf', '-0.1', '3.0e3')],
    () => ['INCRBYFLOAT', key('n'), pick('1e-5', '12345678901234567890', 'nan')],
    () => ['DECRBY', key('n'), '-9223372036854775808'],
    () => ['SCAN', '0', 'COUNT', '100000', ...some(40, 'MATCH', 'k*'), ...some(40, 'TYPE', 'zset')],
    () => ['SCAN', pick('-', '1x', '0'), pick('COUNT', 'BAD'), pick('0', '-1', 'x')],
    () => ['ZSCAN', 'z0', '0', 'COUNT', '100000'],
    () => ['XADD', key('x'), pick('*x', '5-', '-', '1-1-1', '0-0', '0'), 'f', 'v'],
    () => ['XADD', key('x'), 'MAXLEN', pick('~', '='), '3', 'LIMIT', '1', '99999-1', 'f', 'v'],
    () => ['XADD', key('x'), ...pick(['MAXLEN', '-1'], ['LIMIT', '5'], ['MINID', 'x']), '9-1', 'f', 'v'],
    () => [
      'XTRIM',
      key('x'),
      ...pick(['MAXLEN', '1', 'MINID', '1'], ['LIMIT', '1', 'NO'], ['MINID', '~', '3']),
    ],
    () => ['XINFO', pick('STREAM', 'GROUPS'), key('x')],
    () => ['XGROUP', pick('CREATE', 'SETID'), key('x'), 'g1', '0', 'ENTRIESREAD', pick('5', '-1', '-2')],
    () => ['XREAD', pick('COUNT', 'NOACK', 'GROUP'), '1', 'STREAMS', key('x'), pick('0', '>', '$', 'x')],
    () => ['XREADGROUP', 'GROUP', 'g1', 'c1', 'STREAMS', key('x'), pick('$', '>', '0', 'x')],
    () => ['XRANGE', key('x'), pick('-', '(', '(x', '(5-2'), pick('+', '(0-0', '(9'), ...some(30, 'BAD')],
    () => ['XSETID', key('x'), pick('999999-1', 'x'), ...some(50, 'ENTRIESADDED', pick('1', '9999', '-1'))],
    () => ['XPENDING', key('x'), 'g1', pick('IDLE', '-'), pick('0', '+'), 'x'],
    () => ['OBJECT', pick('ENCODING', 'REFCOUNT', 'FREQ', 'BAD'), anyKey(), ...some(10, 'more')],
    () => ['OBJECT', 'REFCOUNT', key('n')],
    () => ['COPY', anyKey(), anyKey(), pick('DB', 'REPLACE', 'BAD'), pick('1', 'x', 'REPLACE')],
    () => ['SWAPDB', pick('0', 'x'), pick('1', 'x', '99')],
    () => [pick('FLUSHDB', 'FLUSHALL'), pick('NO', 'SYNC x')],
    () => ['MULTI'],
    () => ['EXEC'],
    () => ['EXEC'],
    () => [pick('DISCARD', 'UNWATCH')],
    () => ['WATCH', anyKey(), anyKey()],
    () => ['NOSUCH', member(), ...some(50, 'z'.repeat(below(200)), 'more')],
    () => ['ROLE'],
    () => ['WAIT', pick('0', 'x'), pick('0', 'x')],
    () => {
      const { name, arity } = pick(...names);
      const words = Array.from({ length: below(Math.abs(arity) + 1) }, () => anyKey());
      return [name, ...words];
    },
  ];
};

/** Both grammars, half of each. What would be refused here and not by a server is left out. */
export function* answerCommands(random: Random, count: number): Generator<Words> {
  const choices = answerForms(vocabulary(random));
  const others = commands(random, count);
  for (let left = count; left > 0; left--) {
    const isOther = random.below(2) === 0;
    yield isOther ? (others.next().value as Words) : choices[random.below(choices.length)]!();
  }
}
