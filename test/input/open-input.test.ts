import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { InputError } from '#slablab/src/base/index.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { commandsOf, outcomeOf } from './support/plain.js';
import { image } from './support/rdb.js';
import { bytes, resp } from './support/resp.js';

const directory = mkdtempSync(join(tmpdir(), 'slablab-open-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, bytes(text));
  return path;
}

test.each([
  ['a.txt', resp('PING'), 'resp'],
  ['a.aof', resp('PING'), 'aof'],
  ['b', `#TS:1\r\n${resp('PING')}`, 'aof'],
  ['c', 'set a b\nget a\n', 'resp'],
  ['d', '\n\n"SET" a b\n', 'resp'],
  ['e', image(''), 'rdb'],
  ['f', image('', 'VALKEY080'), 'rdb'],
  ['preamble.aof', image('') + resp('PING'), 'aof'],
  ['g', 'OK\n1.000000 [0 a:1] "x"\n', 'monitor'],
  ['h', '1.000000 [0 lua] "x"\n', 'monitor'],
  ['i', 'OK\n', 'monitor'],
])('%s with %j', (name, text, kind) => {
  const input = openInput(file(name, text));
  expect(input.kind).toBe(kind);
  expect(outcomeOf(input).error).toBeUndefined();
  expect(input.bytesRead).toBe(input.sizeBytes);
});

test.each([
  ['empty', '', 'it is empty; known are RESP'],
  ['prose', 'Dear reader,\n', 'it starts with "Dear reader,\\n"; known are RESP or inline commands'],
  [
    'log',
    '10 11 malloc(32)=0x10\n',
    "it is a log of logalloc, a program's own allocations; `slablab record --convert ",
  ],
  ['info', '# Server\r\nredis_version:7.0.15\r\n', 'it has the figures of a running process'],
  ['stats', '127.0.0.1:6379> MEMORY MALLOC-STATS\n___ Begin jemalloc statistics ___\n', 'it has the figures'],
  ['star', '** bold **', 'it starts with "** bold **"'],
])('says what %s is not', (name, text, message) => {
  const path = file(name, text);
  expect(() => openInput(path)).toThrow(`${path}: not an input for Redis: ${message}`);
});

test('a missing path, and a path that is no file', () => {
  expect(() => openInput(join(directory, 'nothing'))).toThrow(InputError);
  expect(() => openInput('/dev/null')).toThrow('/dev/null: neither a file nor a directory');
});

test('an explicit kind: only an AOF may be truncated', () => {
  const path = file('cut', resp('PING') + resp('PING').slice(0, 5));
  expect(outcomeOf(openInput(path)).error).toContain('ends inside the command');
  const outcome = outcomeOf(openInput(path, 'aof'));
  expect(outcome.error).toBeUndefined();
  expect(commandsOf(outcome)).toEqual(['PING']);
});

test('an input that is not read to its end can be closed', () => {
  for (const name of ['types.rdb', 'monitor.txt', 'appendonlydir']) {
    const input = openInput(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)));
    input.events().next();
    input.close();
    input.close();
  }
});
