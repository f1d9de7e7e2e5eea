import { describe, expect, test } from 'vitest';
import { array, bulk, error, integer, type LabReply, ok, replyBytes, text } from '#slablab/src/resp/reply.js';
import { readReply } from '#slablab/src/resp/reply-reader.js';
import { replyText, withText } from '#slablab/src/resp/reply-text.js';

const map: LabReply = { kind: 'map', entries: [[bulk('a'), integer(1)]] };

describe('replies in both protocols', () => {
  test.each<[LabReply, string, string]>([
    [ok, '+OK\r\n', '+OK\r\n'],
    [error('ERR two\r\nlines'), '-ERR two  lines\r\n', '-ERR two  lines\r\n'],
    [integer(-7), ':-7\r\n', ':-7\r\n'],
    [bulk('é'), '$2\r\né\r\n', '$2\r\né\r\n'],
    [text('a\nb'), '$3\r\na\nb\r\n', '=7\r\ntxt:a\nb\r\n'],
    [{ kind: 'null' }, '$-1\r\n', '_\r\n'],
    [array(ok, array()), '*2\r\n+OK\r\n*0\r\n', '*2\r\n+OK\r\n*0\r\n'],
    [map, '*2\r\n$1\r\na\r\n:1\r\n', '%1\r\n$1\r\na\r\n:1\r\n'],
  ])('%j', (reply, two, three) => {
    expect(replyBytes(reply, 2).toString()).toBe(two);
    expect(replyBytes(reply, 3).toString()).toBe(three);
  });
});

test('a reply that has arrived is read', () => {
  expect(readReply(Buffer.from('!5\r\nERR a\r\n'))).toMatchObject({ isError: true, texts: ['ERR a'] });
  expect(readReply(Buffer.from('+QUEUED\r\n'))).toMatchObject({ isError: false, isStatus: true });
  for (const nothing of ['$-1\r\n', '*-1\r\n', '_\r\n']) {
    expect(readReply(Buffer.from(nothing))).toMatchObject({ isNull: true, isStatus: false });
  }
  expect(readReply(Buffer.from('*2\r\n$1\r\na\r\n:1\r\n'))).toMatchObject({
    isNull: false,
    texts: ['a', '1'],
  });
});

test('the text of a reply is read, and replaced in a reply of the same kind', () => {
  for (const [protocol, expected] of [
    [2, '$3\r\nnew\r\n'],
    [3, '=7\r\ntxt:new\r\n'],
  ] as const) {
    const reply = replyBytes(text('old'), protocol);
    expect(replyText(reply)).toBe('old');
    expect(withText(reply, 'new').toString()).toBe(expected);
  }
  for (const other of ['-ERR a\r\n', '$-1\r\n', ':1\r\n', '+OK\r\n']) {
    expect(replyText(Buffer.from(other))).toBeUndefined();
  }
});
