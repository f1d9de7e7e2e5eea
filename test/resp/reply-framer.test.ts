import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { ReplyFramer } from '#slablab/src/resp/reply-framer.js';
import { NotRespError } from '#slablab/src/resp/reply-machine.js';
import { printedSeed } from '../support/seed.js';

function reply(random: Random, depth = 0): string {
  const kind = random.below(depth > 2 ? 7 : 11);
  const elements = (count: number) => Array.from({ length: count }, () => reply(random, depth + 1)).join('');
  const count = random.below(4);
  switch (kind) {
    case 0:
      return '+OK\r\n';
    case 1:
      return '-ERR no such thing\r\n';
    case 2:
      return `:${random.below(1000)}\r\n`;
    case 3:
      return ['$-1\r\n', '*-1\r\n', '_\r\n', '$0\r\n\r\n', '*0\r\n', '%0\r\n'][random.below(6)]!;
    case 4:
      return '=7\r\ntxt:a\r\n\r\n';
    case 5:
      return ['#t\r\n', ',1.5\r\n', '(123\r\n'][random.below(3)]!;
    case 6: {
      const length = random.below(40);
      return `$${length}\r\n${'\r\n*+'.repeat(10).slice(0, length)}\r\n`;
    }
    case 7:
      return `*${count}\r\n${elements(count)}`;
    case 8:
      return `~${count}\r\n${elements(count)}`;
    default:
      return `%${count}\r\n${elements(2 * count)}`;
  }
}

/** Where replies end, read in pieces that end at `cuts`; `most` plain ones are passed over at a time. */
function ends(bytes: Buffer, cuts: readonly number[], most = 0): number[] {
  const framer = new ReplyFramer();
  const found: number[] = [];
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    const piece = bytes.subarray(from, to);
    for (let at = 0; at >= 0; ) {
      const passed = framer.skipPlain(piece, at, most);
      at = framer.skippedTo;
      for (let count = 1; count < passed; count++) found.push(-1);
      if (passed > 0) found.push(from + at);
      if (passed > 0 && passed === most) continue;
      at = framer.next(piece, at);
      if (at >= 0) found.push(from + at);
    }
    from = to;
  }
  return found;
}

describe('where replies end', () => {
  test('any replies, cut anywhere', () => {
    const random = new Random(printedSeed('replies cut anywhere'));
    for (let round = 0; round < 400; round++) {
      const replies = Array.from({ length: 1 + random.below(20) }, () => reply(random));
      const expected: number[] = [];
      let end = 0;
      for (const { length } of replies) {
        end += length;
        expected.push(end);
      }
      const bytes = Buffer.from(replies.join(''), 'latin1');
      const cuts = Array.from({ length: random.below(12) }, () => random.below(end + 1)).sort(
        (a, b) => a - b,
      );
      expect(ends(bytes, cuts), JSON.stringify({ replies, cuts })).toEqual(expected);
      expect(ends(bytes, cuts, 1), JSON.stringify({ replies, cuts })).toEqual(expected);
      // Of several passed over at once only the last one's end is told.
      const told = ends(bytes, cuts, 5);
      expect(told.map((at, index) => (at < 0 ? expected[index] : at))).toEqual(expected);
    }
  });

  test('a status and an error keep their line', () => {
    const framer = new ReplyFramer();
    for (const line of ['1700000000.5 [0 127.0.0.1:1] "ping"', 'OK']) {
      framer.next(Buffer.from(`+${line}\r\n`), 0);
      expect(framer.line).toBe(line);
    }
    framer.next(Buffer.from('-NOPERM no\r\n'), 0);
    expect(framer.line).toBe('NOPERM no');
  });

  test('attributes belong to the reply behind them', () => {
    expect(ends(Buffer.from('|1\r\n+ttl\r\n:5\r\n+OK\r\n'), [])).toEqual([19]);
  });

  test('an error says its code; nil is known', () => {
    const framer = new ReplyFramer();
    framer.next(Buffer.from('-MOVED 1 127.0.0.1:7000\r\n'), 0);
    expect(framer.errorCode).toBe('MOVED');
    framer.next(Buffer.from('*-1\r\n'), 0);
    expect([framer.errorCode, framer.isNull]).toEqual(['', true]);
  });

  test('what is no RESP is refused', () => {
    expect(() => new ReplyFramer().next(Buffer.from('HTTP/1.1 200 OK\r\n'), 0)).toThrow(NotRespError);
    expect(() => new ReplyFramer().next(Buffer.from('$x\r\n'), 0)).toThrow(NotRespError);
  });
});

test('errors among the elements of EXEC are noted when asked for', () => {
  const reply = Buffer.from('*4\r\n+OK\r\n-WRONGTYPE a\r\n*1\r\n-ERR nested\r\n!7\r\nNOPERM \r\n');
  const framer = new ReplyFramer();
  framer.next(reply, 0);
  expect(framer.elementErrors).toEqual([]);
  framer.notesElements = true;
  framer.next(reply, 0);
  expect(framer.elementErrors).toEqual([
    { index: 1, code: 'WRONGTYPE' },
    { index: 3, code: 'NOPERM' },
  ]);
  framer.next(Buffer.from('+OK\r\n'), 0);
  expect(framer.elementErrors).toEqual([]);
});
