/** Requests of every command with arguments that a careful client would not send. */
import type { Random } from '#slablab/src/base/index.js';
import type { CommandInfo } from '#slablab/src/commands/index.js';

export type Words = readonly string[];

const NUMBERS = [
  ...['0', '-0', '1', '2', '3', '5', '10', '-1', '-2', '007', '+1', ' 1', '1 ', '1.5', '-1.5', '1e3', '0x10'],
  ...['2147483647', '2147483648', '-2147483649', '4294967295', '4294967296', '9007199254740993'],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808', '18446744073709551615'],
  ...[
    '18446744073709551616',
    '99999999999999999999999',
    '1e308',
    '1e400',
    '-1e400',
    'inf',
    '-inf',
    '+inf',
    'nan',
  ],
  ...[
    '1-1',
    '5-*',
    '0-0',
    '3-18446744073709551615',
    '18446744073709551615-1',
    '(1',
    '[a',
    '(a',
    '-',
    '+',
    '$',
    '>',
  ],
  ...['u8', 'i64', 'u64', 'i65', '#1', '#9223372036854775807', '%', '=', '~', '.5', '1.', '1e', '--1'],
];

const OPTIONS = (
  'NX XX GT LT CH INCR KEEPTTL GET COUNT MATCH TYPE LIMIT WITHSCORES WITHVALUES BYSCORE BYLEX REV STORE DB REPLACE ' +
  'SYNC ASYNC FULL MAXLEN MINID NOMKSTREAM MKSTREAM STREAMS GROUP NOACK ENTRIESREAD JUSTID FORCE LASTID LEFT RIGHT ' +
  'BEFORE AFTER AND OR XOR NOT AGGREGATE SUM MIN MAX WEIGHTS ASC DESC ALPHA BY # FROMMEMBER FROMLONLAT BYRADIUS BYBOX ' +
  'ANY WITHDIST WITHHASH WITHCOORD STOREDIST m km BIT BYTE OVERFLOW SAT WRAP FAIL SET INCRBY LEN IDX MINMATCHLEN ' +
  'WITHMATCHLEN RANK ENCODING REFCOUNT CREATE SETID DESTROY CREATECONSUMER DELCONSUMER AUTH SETNAME ID USER ADDR'
).split(' ');

const PATTERNS = [
  ...['*', '**', '?', '[', '[]', '[^', '[a-', '[z-a]', '[^a]*', '\\', '\\*', 'k*', '*->*', 'nosort'],
  `${'a*'.repeat(20)}b`,
  `${'*?'.repeat(20)}`,
];

const BYTES = [
  ...[
    '',
    '\0',
    '\r\n',
    '\n',
    '"',
    "'",
    '\xff',
    '\x80abc',
    '$5\r\nhello\r\n',
    '*1\r\n',
    '\x1b[31m',
    '%s%n',
    '../..',
  ],
  `HYLL\x01${'\0'.repeat(11)}\x7f\xff`,
  `HYLL\0${'\0'.repeat(60)}`,
];

/** The types of keys by letter: string, number, list, set, sorted set, hash, places, stream, bits, HyperLogLog. */
const TYPES = 'knlszhgxbp';

/** Commands that give the keys of each type a value. */
export const SETUP: readonly Words[] = [
  ['SET', 'k0', 'text'],
  ['SET', 'n0', '17'],
  ['RPUSH', 'l0', 'a', 'b', '3', 'a'],
  ['SADD', 's0', 'a', 'b', '3'],
  ['ZADD', 'z0', '1', 'a', '2', 'b', '-3.5', 'c'],
  ['HSET', 'h0', 'a', '1', 'b', 'text', 'c', '2.5'],
  ['GEOADD', 'g0', '13.361389', '38.115556', 'a', '15.087269', '37.502669', 'b'],
  ['XADD', 'x0', '1-1', 'a', 'b'],
  ['XGROUP', 'CREATE', 'x0', 'a', '0'],
  ['SETBIT', 'b0', '77', '1'],
  ['PFADD', 'p0', 'a', 'b', 'c'],
];

export interface HostileOptions {
  /** Words that are not sent, in upper case. */
  readonly without?: ReadonlySet<string>;
  /** The share of long arguments in 1,000. */
  readonly long?: number;
}

/** Yields requests of these commands without end. A part of them fits, so that their handlers are reached. */
export function* hostileRequests(
  random: Random,
  commands: readonly CommandInfo[],
  { without = new Set(), long = 2 }: HostileOptions = {},
): Generator<Words, never> {
  const pick = <Item>(items: ArrayLike<Item>) => items[random.below(items.length)] as Item;
  const allowed = (words: readonly string[]) => words.filter((word) => !without.has(word.toUpperCase()));
  const [numbers, options, patterns, bytes] = [NUMBERS, OPTIONS, PATTERNS, BYTES].map(allowed) as [
    string[],
    string[],
    string[],
    string[],
  ];
  const key = () => `${pick(TYPES)}${random.below(3)}`;
  const member = () => pick(['a', 'b', 'c', `m${random.below(50)}`]);
  const argument = (): string => {
    if (random.below(1000) < long) return pick(['a', '\0', '9', '*', 'aé']).repeat(1 + random.below(20_000));
    const kinds = [key, key, member, () => pick(numbers), () => pick(numbers), () => pick(options)];
    return pick([...kinds, () => pick(patterns), () => pick(bytes)])();
  };
  for (let count = 0; ; count++) {
    if (count % 50 === 0) yield pick(SETUP);
    const { name, arity, keys } = pick(commands);
    const words = name.split('|');
    const least = Math.abs(arity);
    const more = arity < 0 ? random.below(random.below(8) === 0 ? 24 : 6) : 0;
    const wanted = random.below(12) === 0 ? random.below(least + 3) : least + more;
    while (words.length < wanted) {
      const isKey = keys[0] > 0 && words.length >= keys[0] && (words.length === keys[0] || keys[1] < 0);
      words.push(isKey && random.below(4) > 0 ? key() : argument());
    }
    yield words;
  }
}
