import type { Random } from '#slablab/src/base/index.js';

const WORDS = [
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'sunsubscribe',
  'message',
  'pmessage',
  'a name of over 16 bytes',
];
const LINES = [
  '',
  'OK',
  'ERR no such thing',
  'WRONGTYPE',
  'a\rb',
  'a\nb',
  `MOVED ${'x'.repeat(50)}`,
  '\n',
  '\r',
];

/** Returns a reply of any type of RESP2 and RESP3, with one character for each byte. */
export function randomReply(random: Random, depth = 0): string {
  const element = () => randomReply(random, depth + 1);
  const elements = (count: number) => Array.from({ length: count }, element).join('');
  const one = <T>(of: readonly T[]): T => of[random.below(of.length)]!;
  const count = random.below(5);
  const kinds = depth > 3 ? 8 : depth === 0 ? 16 : 14;
  switch (random.below(kinds)) {
    case 0:
      return `+${one(LINES)}\r\n`;
    case 1:
      return `-${one(LINES)}\r\n`;
    case 2:
      return `:${one([0, 7, -12, 123456789012345])}\r\n`;
    case 3:
      return one(['$-1\r\n', '*-1\r\n', '_\r\n', '$0\r\n\r\n', '*0\r\n', '%0\r\n', '~0\r\n']);
    case 4:
      return one(['#t\r\n', '#f\r\n', ',1.5\r\n', ',inf\r\n', `(${'9'.repeat(60)}\r\n`]);
    case 5: {
      const text = one([...LINES, ...WORDS]);
      return one([`=${text.length + 4}\r\ntxt:${text}\r\n`, `!${text.length}\r\n${text}\r\n`]);
    }
    case 6:
    case 7: {
      const text = one([...WORDS, '\r\n*+$'.repeat(10).slice(0, random.below(40))]);
      return `$${text.length}\r\n${text}\r\n`;
    }
    case 8:
      return `*${count}\r\n${elements(count)}`;
    case 9: {
      const [word, channel] = [one(WORDS), one(['$-1\r\n', '$1\r\nc\r\n', '+c\r\n'])];
      return `${one(['*', '>'])}3\r\n$${word.length}\r\n${word}\r\n${channel}${one([':0\r\n', ':12\r\n', '+x\r\n', element()])}`;
    }
    case 10:
      return `~${count}\r\n${elements(count)}`;
    case 11:
    case 12:
      return `%${count}\r\n${elements(2 * count)}`;
    case 13:
      return `|${count}\r\n${elements(2 * count)}${element()}`;
    default:
      return `>${count}\r\n${elements(count)}`;
  }
}

/** Returns the bytes in pieces, cut at random places. */
export function randomPieces(random: Random, bytes: Uint8Array): Uint8Array[] {
  const cuts = Array.from({ length: random.below(20) }, () => random.below(bytes.length + 1));
  const ends = [...cuts.sort((a, b) => a - b), bytes.length];
  return ends.map((to, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], to));
}
