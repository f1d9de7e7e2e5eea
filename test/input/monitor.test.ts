import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MemorySource } from '#slablab/src/base/index.js';
import { SCRIPT_CLIENT } from '#slablab/src/commands/index.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { type Outcome, outcomeOf } from './support/plain.js';
import { bytes } from './support/resp.js';

function read(text: string, blockBytes?: number): Outcome {
  return outcomeOf(inputOf('m.log', new MemorySource(bytes(text), blockBytes), 'monitor'));
}

test('the output of redis-cli for a server of version 7.0', () => {
  const input = openInput(fileURLToPath(new URL('fixtures/monitor.txt', import.meta.url)));
  const { events, error } = outcomeOf(input);
  expect(error).toBeUndefined();
  expect(events).toEqual([
    { kind: 'epoch', unixMs: 1795196220949 },
    [0, 0, 'set', 'key', 'value'],
    [1, 18, 'SELECT', '1'],
    [1, 18, 'set', 'binary', 'a"b\\c\n\r\t\x07\b\x01\xff'],
    [2, 37, 'eval', "redis.call('set', KEYS[1], 'by-script') return 1", '1', 'scripted'],
    [SCRIPT_CLIENT, 37, 'set', 'scripted', 'by-script'],
    [3, 49, 'get', 'key'],
    [4, 60, 'COMMAND', 'DOCS'],
    [4, 64, 'select', '2'],
    [4, 65, 'set', 'moved', '1'],
    [4, 65, 'select', '0'],
    [4, 65, 'get', 'key'],
  ]);
  expect([0, SCRIPT_CLIENT, 3].map((client) => input.clientName(client))).toEqual([
    '127.0.0.1:45910',
    'lua',
    'unix:/run/redis.sock',
  ]);
});

test('a change of database that the log lacks becomes a SELECT', () => {
  const text = [
    '1.000000 [2 [::1]:5] "get" "a"',
    '1.000001 [2 [::1]:5] "get" "b"',
    // Redis up to 6.2 logged a SELECT with its old database.
    '1.000002 [2 [::1]:5] "select" "3"',
    '1.000003 [3 [::1]:5] "get" "c"',
    '1.000004 [3 [::1]:5] "select" "99"',
    '1.000005 [3 [::1]:5] "get" "d"',
    '1.000006 [0 [::1]:5] "reset"',
    '1.000007 [0 [::1]:5] "get" "e"',
  ];
  const words = read(`${text.join('\n')}\n`)
    .events.filter(Array.isArray)
    .map((event) => event.slice(2).join(' '));
  expect(words).toEqual([
    'SELECT 2',
    'get a',
    'get b',
    'select 3',
    'get c',
    'select 99',
    'SELECT 3',
    'get d',
    'reset',
    'get e',
  ]);
});

test('simple strings, a missing last newline, any chunks, and times that never decrease', () => {
  const text =
    '+OK\r\n+1.500000 [0 a:1] "x" "\\x00\\\\"\r\n+1.400000 [0 b:1] "y"\r\n+3.000999 [0 a:1] "z" ""';
  const expected = [{ kind: 'epoch', unixMs: 1500 }, [0, 0, 'x', '\0\\'], [1, 0, 'y'], [0, 1500, 'z', '']];
  for (const blockBytes of [undefined, 1, 9, 40]) {
    expect(read(text, blockBytes)).toEqual({ events: expected, warnings: [], error: undefined });
  }
});

test('empty log', () => {
  expect(read('').events).toEqual([]);
  expect(read('OK\n').events).toEqual([]);
  expect(read('OK\n1.000000 [0 a:1] "x"\n\n\n').error).toBeUndefined();
});

const LINE = '1.000000 [0 a:1] "x"\n';

test.each([
  [
    `${LINE}hello\n`,
    'm.log: line 2 (byte 21): not a line of MONITOR: expected a time, [database client] and quoted',
  ],
  [
    `${LINE}1.000000 [0 a:1] "x\n`,
    'm.log: line 2 (byte 21): not a line of MONITOR: argument 0 has no closing quote',
  ],
  ['1.000000 [0 a:1] "x" "y"z\n', 'line 1 (byte 0): not a line of MONITOR: no space after argument 1'],
  ['1.000000 [0 a:1] "x" y\n', 'argument 1 has no opening quote'],
  ['1.000000 [0 a:1] "x" \n', 'argument 1 has no opening quote'],
  ['1.000000 [0 a:1]\n', 'expected a time, [database client] and quoted arguments'],
  [`${LINE}OK\n`, 'line 2 (byte 21)'],
  [`${LINE}\n${LINE}`, 'line 2 (byte 22): not a line of MONITOR: it is empty'],
])('refuses %j', (text, message) => {
  expect(read(text).error).toContain(message);
});

test('quotes and backslashes that Valkey 8.1 does not escape', () => {
  const line = (text: string) => `1.000000 [0 a:1] ${text}\n`;
  const { events, warnings, error } = read(
    [
      line('"SET" "json" "{"a":"b","c":1}"'),
      line('"SET" "path" "C:\\dir\\x41\\"'),
      line('"SET" "empty" """'),
      line('"GET" "a\\\\b" "\\n"'),
    ].join(''),
  );
  expect(error).toBeUndefined();
  expect(events.slice(1)).toEqual([
    [0, 0, 'SET', 'json', '{"a":"b","c":1}'],
    [0, 0, 'SET', 'path', 'C:\\dirA\\'],
    [0, 0, 'SET', 'empty', '"'],
    [0, 0, 'GET', 'a\\\\b', '\n'],
  ]);
  expect(warnings).toEqual([
    'm.log: line 1: a quote or backslash is not escaped, as Valkey 8.1 writes MONITOR; from here on, arguments end at a quote ' +
      'before another argument, so a value with `" "` in it is taken for two',
  ]);
});

test('a line with escapes before its unescaped quote is read from its original bytes', () => {
  const { events } = read('1.000000 [0 a:1] "SET" "\\x00\\x01" "{"a"}"\n');
  expect(events.slice(1)).toEqual([[0, 0, 'SET', '\0\x01', '{"a"}']]);
});

test.each([
  ['1.000000 [0 a:1] "GET" "a"\n1.000000 [0 a:1] "SET" "b'],
  ['1.000000 [0 a:1] "GET" "a"\n1.000000 [0 a'],
  ['1.000000 [0 a:1] "GET" "a"\n1.0'],
])('a log that breaks off in a line keeps what came before: %j', (text) => {
  for (const blockBytes of [undefined, 5]) {
    const { events, warnings, error } = read(text, blockBytes);
    expect(error).toBeUndefined();
    expect(events.slice(1)).toEqual([[0, 0, 'GET', 'a']]);
    expect(warnings).toEqual(['m.log: line 2: the log ends inside this line; it is dropped']);
  }
});
