import type { Random } from '#slablab/src/base/index.js';
import { ALL_COMMANDS, type CommandInfo } from '#slablab/src/commands/index.js';
import { containerCommands, type Words } from './container-commands.js';

const NUMBERS = [
  ...['0', '-0', '1', '-1', '2', '3', '7', '63', '64', '127', '128', '255', '256', '512', '65535', '65536'],
  ...['1000000', '2147483647', '2147483648', '-2147483648', '-2147483649', '4294967295', '4294967296'],
  ...['9007199254740991', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  ...['9223372036854775808', '18446744073709551615', '18446744073709551616', '1e3', '1.5', '-1.5', '0.0001'],
  ...[
    '1e308',
    '-1e308',
    '1e-308',
    '1e309',
    'inf',
    '-inf',
    '+inf',
    'nan',
    '0x10',
    '1e',
    '.5',
    '5.',
    '--1',
    '+1',
    '01',
    ' 1',
  ],
  ...[
    '536870911',
    '536870912',
    '4294967295',
    '180',
    '-180',
    '90',
    '-90',
    '181',
    '85.06',
    '#1',
    '#4294967295',
  ],
];
const TEXTS = [
  '',
  ' ',
  'a',
  'f',
  'm',
  '\0',
  '\xff\xfe',
  'x'.repeat(44),
  'x'.repeat(45),
  'y'.repeat(300),
  '*',
  '[',
  '[a-',
  '\\',
];
const PLACES = [
  '-',
  '+',
  '$',
  '>',
  '*',
  '0-0',
  '1-1',
  '1-*',
  '5',
  '18446744073709551615-18446744073709551615',
  '(1',
  '(',
  '[a',
  '(b',
  '(inf',
];
const WORDS = [
  ...'NX XX GT LT CH INCR COUNT WITHSCORES WITHVALUES LIMIT MATCH TYPE BLOCK STREAMS GROUP MAXLEN MINID ~ = ENTRIESREAD'.split(
    ' ',
  ),
  ...'KEEPTTL EX PX EXAT PXAT GET SET PERSIST u8 i64 u63 i65 u64 OVERFLOW SAT FAIL WRAP INCRBY BYLEX BYSCORE REV AGGREGATE'.split(
    ' ',
  ),
  ...'WEIGHTS SUM MAX MIN BEFORE AFTER LEFT RIGHT FROMMEMBER FROMLONLAT BYBOX BYRADIUS km m ASC DESC STOREDIST STORE ANY'.split(
    ' ',
  ),
  ...'REPLACE ABSTTL IDLETIME FREQ DB COPY BY ALPHA ASYNC SYNC LEN IDX MINMATCHLEN WITHMATCHLEN BIT BYTE FORCE JUSTID TIME'.split(
    ' ',
  ),
  ...'RETRYCOUNT LASTID NOMKSTREAM MKSTREAM NOACK IDLE FULL RANK WITHCOORD WITHDIST WITHHASH AND OR XOR NOT RESETSTAT ON OFF'.split(
    ' ',
  ),
  ...'maxmemory hz list-max-listpack-size hash-max-listpack-entries ID ADDR USER LADDR SKIPME yes no NAME lib-name'.split(
    ' ',
  ),
];

/** Infos of all commands and subcommands, each with the words that name it. */
const COMMANDS: readonly (readonly [words: readonly string[], info: CommandInfo])[] = [...ALL_COMMANDS].map(
  ([name, info]) => [name.split('|'), info],
);

/** Returns a request of any command with arguments that are at the edges of what servers take. */
export function hostileRequest(random: Random): Words {
  const pick = (from: readonly string[]) => from[random.below(from.length)]!;
  const key = () => `${'hlszxk'[random.below(6)]}${random.below(4)}`;
  const argument = () => {
    const kind = random.below(12);
    if (kind < 4) return key();
    if (kind < 7) return pick(NUMBERS);
    if (kind < 8) return pick(TEXTS);
    if (kind < 9) return pick(PLACES);
    return pick(WORDS);
  };
  // A valid command with some words exchanged, doubled or left out reaches further than words by chance.
  if (random.below(2) === 0) {
    const valid = containerCommands(random);
    const words = [...valid[random.below(valid.length)]!()];
    for (let changes = random.below(3); changes > 0; changes--) {
      const at = 1 + random.below(Math.max(1, words.length - 1));
      const kind = random.below(4);
      if (kind === 0) words.splice(at, 1);
      else if (kind === 1) words.splice(at, 0, words[at] ?? argument(), argument());
      else words[at] = argument();
    }
    return words;
  }
  const [name, { arity }] = COMMANDS[random.below(COMMANDS.length)]!;
  const least = Math.abs(arity) - name.length;
  const more = random.below(20) === 0 ? random.below(300) : random.below(5);
  const count = arity > 0 && random.below(4) > 0 ? least : least + more - (random.below(10) === 0 ? 1 : 0);
  return [...name, ...Array.from({ length: Math.max(0, count) }, argument)];
}
