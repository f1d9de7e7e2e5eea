import { expect, test } from 'vitest';
import { MemorySource, Random } from '#slablab/src/base/index.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { RespParser } from '#slablab/src/resp/index.js';
import { printedSeed } from '../support/seed.js';
import { type Outcome, outcomeInBatches, outcomeOf, plainCommand } from './support/plain.js';
import { bytes, resp } from './support/resp.js';

/** Reads the commands one by one, and checks that batches give the same after any number of single commands. */
function read(text: string, blockBytes?: number): Outcome {
  const input = () => inputOf('in.resp', new MemorySource(bytes(text), blockBytes), 'resp');
  const outcome = outcomeOf(input());
  for (const single of [0, 1, 3]) expect(outcomeInBatches(input(), single)).toEqual(outcome);
  return outcome;
}

function args(text: string): unknown[] {
  const { events, error } = read(text);
  expect(error).toBeUndefined();
  return events.map((event) => (event as unknown[]).slice(2));
}

test('multibulk commands, with empty and binary arguments', () => {
  expect(args(resp('SET', 'a', '') + resp('SET', '\r\n\0', '$3\r\n'))).toEqual([
    ['SET', 'a', ''],
    ['SET', '\r\n\0', '$3\r\n'],
  ]);
});

test('empty stream, and commands of no arguments', () => {
  expect(args('')).toEqual([]);
  expect(args('*0\r\n*-1\r\n\r\n\n   \n')).toEqual([]);
});

test('inline commands: quotes and escapes of redis-cli', () => {
  expect(args('set a b\r\nSET  "a b\\x00\\n\\q\\"" \'it\\\'s \\n\'\nget ""\n')).toEqual([
    ['set', 'a', 'b'],
    ['SET', 'a b\0\nq"', "it's \\n"],
    ['get', ''],
  ]);
  expect(args('a"b c"\tlast\\x41\n')).toEqual([['ab c', 'last\\x41']]);
  expect(args(`PING\n${resp('PING')}PING\r\n`)).toEqual([['PING'], ['PING'], ['PING']]);
});

test.each([
  ['*1\r\n+PING\r\n', "in.resp: byte 4: expected '$' before argument 0 of 1, found '+'"],
  [
    '*1\r\n$4\r\nPINGG\r\n',
    'in.resp: byte 12: expected \\r\\n behind an argument of 4 bytes, found \'G\' ("G\\r\\n")',
  ],
  ['*x\r\n', "in.resp: byte 1: expected the number of arguments and \\r\\n, found 'x'"],
  ['*01\r\n', 'byte 1: expected the number of arguments'],
  ['*2147483648\r\n', 'byte 1: 2147483648 arguments: at most 2147483647 are allowed'],
  ['*1\r\n$536870913\r\n', 'byte 5: 536870913 bytes of an argument: 0 to 536870912 are allowed'],
  ['*1\r\n$-1\r\n', 'byte 5: -1 bytes of an argument: 0 to 536870912 are allowed'],
  ['*1\n$4\r\nPING\r\n', 'byte 1: expected the number of arguments and \\r\\n'],
  ['*1\r$4', "byte 3: expected \\n behind \\r, found '$'"],
  ['PING\r\nset "a\r\n', 'byte 10: a quote that is not closed in an inline command; close the quotes'],
  ['set "a"b\r\n', 'byte 7: no space behind a closing quote'],
  [`get ${'x'.repeat(65_536)}\r\n`, 'byte 0: a line of over 65536 bytes without an end'],
  ['x'.repeat(70_000), 'byte 0: a line of over 65536 bytes without an end'],
  [
    `${resp('PING')}*2\r\n$3\r\nGET\r\n$1`,
    'byte 29: the input ends inside the command that starts at byte 14',
  ],
  ['GET a', 'byte 5: the input ends inside the command that starts at byte 0'],
])('refuses %j', (text, message) => {
  expect(read(text).error).toContain(message);
});

test('an argument of the largest size that never arrives takes no memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  expect(read('*1\r\n$536870912\r\nabc').error).toContain('ends inside the command');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e7);
});

test('arguments are not copied', () => {
  const chunk = bytes(resp('SET', 'key', 'value'));
  const parser = new RespParser('socket');
  parser.feed(chunk);
  expect(parser.next()).toBe(true);
  expect(parser.command.bytes).toBe(chunk);
});

test('a command larger than the window, and one of 100,000 arguments', () => {
  const large = 'x'.repeat(1_000_000);
  const many = Array.from({ length: 100_000 }, (_, index) => `${index}`);
  const { events } = read(resp('SET', 'k', large) + resp('DEL', ...many) + resp('PING'), 4096);
  expect(events).toEqual([
    [0, 0, 'SET', 'k', large],
    [0, 0, 'DEL', ...many],
    [0, 0, 'PING'],
  ]);
});

test('fuzz: any chunks give the same commands', async () => {
  const random = new Random(printedSeed('RESP cuts'));
  for (let round = 0; round < 300; round++) {
    const commands = Array.from({ length: 1 + random.below(20) }, () =>
      Array.from({ length: 1 + random.below(6) }, () => 'ab\r\n*$1'.repeat(9).slice(0, random.below(60))),
    );
    const text = commands
      .map((words) => (random.below(4) === 0 ? `PING ${random.below(1000)}\n` : resp(...words)))
      .join('');
    const whole = read(text).events;
    expect(read(text, 8 + random.below(64)).events).toEqual(whole);
    const chunks: Buffer[] = [];
    for (let at = 0; at < text.length; ) {
      const next = at + 1 + random.below(30);
      chunks.push(bytes(text.slice(at, next)));
      at = next;
    }
    const streamed: unknown[] = [];
    const parser = new RespParser('stdin');
    for (const chunk of chunks) {
      parser.feed(chunk);
      while (parser.next()) streamed.push(plainCommand(parser.command));
    }
    expect(streamed).toEqual(whole);
  }
});
