import { describe, expect, test } from 'vitest';
import { Replies } from '#slablab/src/resp/reply-reader.js';

function textsOf(text: string): string[] {
  const replies = new Replies();
  replies.keep();
  replies.add(Buffer.from(text));
  return replies.takeTexts();
}

/** The same bytes at once, and one by one: where they are cut must not matter. */
function counted(text: string): Replies {
  const whole = new Replies();
  whole.keep();
  whole.add(Buffer.from(text));
  const bytewise = new Replies();
  bytewise.keep();
  for (const byte of Buffer.from(text)) bytewise.add(Uint8Array.of(byte));
  expect(bytewise.count).toBe(whole.count);
  expect(bytewise.errors).toEqual(whole.errors);
  expect(bytewise.takeTexts()).toEqual(whole.takeTexts());
  return whole;
}

describe('replies are counted', () => {
  test.each([
    ['+OK\r\n', 1, ['OK']],
    [':12\r\n-ERR no\r\n', 2, ['12', 'ERR no']],
    ['$3\r\na\r\n\r\n', 1, ['a\r\n']],
    ['$-1\r\n*-1\r\n*0\r\n', 3, ['']],
    ['$0\r\n\r\n', 1, ['']],
    ['*2\r\n$1\r\na\r\n*2\r\n:1\r\n$1\r\nb\r\n+OK\r\n', 2, ['a', '1', 'b', 'OK']],
    ['%1\r\n+a\r\n~1\r\n_\r\n#t\r\n,1.5\r\n=5\r\ntxt:a\r\n', 4, ['a', '', 't', '1.5', 'txt:a']],
    ['>2\r\n+invalidate\r\n*1\r\n+k\r\n+OK\r\n', 1, ['invalidate', 'k', 'OK']],
    ['*1\r\n:1', 0, []],
  ])('%j', (text, count, texts) => {
    const replies = counted(text);
    expect(replies.count).toBe(count);
    expect(textsOf(text)).toEqual(texts);
  });

  test('errors by kind, with the first of each', () => {
    const replies = counted('-ERR one\r\n*2\r\n-ERR two\r\n-WRONGTYPE Operation\r\n');
    expect(replies.errors).toEqual([
      { kind: 'ERR', count: 2, example: 'ERR one' },
      { kind: 'WRONGTYPE', count: 1, example: 'WRONGTYPE Operation' },
    ]);
  });

  test('another protocol is refused', () => {
    expect(() => new Replies().add(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toThrow(
      'the server answered "HTTP/1.1 400 Bad Request", which is no RESP',
    );
  });
});

test('strings are noted by the number of their reply, wherever the bytes are cut', () => {
  const text =
    '$3\r\n1-0\r\n-ERR no\r\n$3\r\n2-0\r\n$-1\r\n>1\r\n$1\r\np\r\n*1\r\n$3\r\n9-9\r\n$3\r\n3-0\r\n+QUEUED\r\n';
  for (const length of [text.length, 1, 3, 7]) {
    const replies = new Replies();
    for (const number of [1, 2, 3, 4, 5, 6]) replies.note(number);
    for (let at = 0; at < text.length; at += length) replies.add(Buffer.from(text.slice(at, at + length)));
    expect(replies.takeNotes()).toEqual(['2-0', '3-0']);
    expect(replies.takeNotes()).toEqual([]);
    expect(replies.count).toBe(7);
  }
});

test('a line of a megabyte is read whole', () => {
  const long = 'x'.repeat(1_000_000);
  expect(textsOf(`+${long}\r\n`)).toEqual([long]);
});
