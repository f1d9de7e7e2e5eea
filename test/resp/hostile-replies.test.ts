import { describe, expect, test } from 'vitest';
import { MAX_REPLY_DEPTH } from '#slablab/src/resp/protocol-limits.js';
import { ReplyFramer } from '#slablab/src/resp/reply-framer.js';
import { NotRespError } from '#slablab/src/resp/reply-machine.js';
import { Replies } from '#slablab/src/resp/reply-reader.js';

const OF_ARRAY = '*1\r\n';
const AT_LIMIT = '+\r\n'.length + OF_ARRAY.length * MAX_REPLY_DEPTH;

function frameAll(bytes: Buffer): void {
  const framer = new ReplyFramer();
  for (let at = 0; at >= 0; ) at = framer.next(bytes, at);
}

const readers = [
  ['framer', frameAll],
  ['reader', (bytes: Buffer) => new Replies().add(bytes)],
] as const;

describe.each(readers)('the %s refuses', (_, read) => {
  test.each([
    ['arrays in each other', `+\r\n${OF_ARRAY.repeat(100_000)}`, AT_LIMIT, 'deep'],
    ['attributes in each other', '|1\r\n'.repeat(100_000), 4 * MAX_REPLY_DEPTH, 'deep'],
    ['more elements than fit', ':1\r\n*2147483647\r\n', 4, 'over the limit of 1073741824'],
    ['a longer string than fits', '$1099511627777\r\n', 0, 'over the limit of 1099511627776'],
    ['digits without end', `+OK\r\n*${'9'.repeat(100_000)}`, 5, 'no valid length'],
    ['a negative length', '*2\r\n$-5\r\n', 4, '"$-5", which has no valid length'],
    ['a null map', '%-1\r\n', 0, 'no valid length'],
    ['no digits', '$\r\n', 0, 'no valid length'],
    ['a leading zero', '$03\r\nabc\r\n', 0, 'no valid length'],
    ['a plus', '*+1\r\n', 0, 'no valid length'],
    ['a streamed string', '$?\r\n;4\r\nabcd\r\n;0\r\n', 0, 'is streamed'],
    ['a streamed array', '*?\r\n:1\r\n.\r\n', 0, 'is streamed'],
    ['a string that is longer', '$3\r\nabcd\r\n', 7, '"d", which is no line end'],
    ['a string without LF', '$3\r\nabc\rd', 8, 'no line end'],
    ['a type of no protocol', '+OK\r\nhello\r\n', 5, '"hello", which is no RESP'],
    ['a zero byte', '*2\r\n\0', 4, 'no RESP'],
  ])('%s', (_what, text, place, message) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(() => read(bytes)).toThrow(NotRespError);
    expect(() => read(bytes)).toThrow(`(byte ${place} of its replies)`);
    expect(() => read(bytes)).toThrow(message);
  });
});

test('a status of megabytes is no line without an end, as a script may reply with one', () => {
  const framer = new ReplyFramer();
  const piece = Buffer.alloc(2 ** 20, 'x');
  expect(framer.next(Buffer.from('+'), 0)).toBe(-1);
  for (let count = 0; count < 10; count++) expect(framer.next(piece, 0)).toBe(-1);
  expect(framer.next(Buffer.from('\r\n'), 0)).toBe(2);
});

test('a reply as deep as those of scripts is read', () => {
  const text = `${OF_ARRAY.repeat(7995)}:1\r\n`;
  expect(new ReplyFramer().next(Buffer.from(text), 0)).toBe(text.length);
});

test('a text that no string holds is refused when it is read', () => {
  const replies = new Replies();
  replies.keep();
  replies.add(Buffer.from('$600000000\r\n'));
  const piece = Buffer.alloc(10_000_000);
  expect(() => {
    for (let count = 0; count < 60; count++) replies.add(piece);
  }).toThrow('a reply of over 500000000 bytes');
});
