import { cpSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodedText, InputError, parsedJson } from '#slablab/src/base/index.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { textOf } from '#slablab/src/input/text-file.js';
import { outcomeOf } from './support/plain.js';
import { resp } from './support/resp.js';

const directory = mkdtempSync(join(tmpdir(), 'slablab-packed-'));
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

function written(name: string, bytes: Uint8Array | string): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

function read(path: string) {
  const { events, warnings, error } = outcomeOf(openInput(path));
  return { events, warnings, error: error?.replaceAll(path, 'file') };
}

test.each([
  'monitor.txt',
  'types.rdb',
  'lfu.rdb',
  'hostile/xreadgroup-mutated.resp',
  'hostile/gap50days.aof',
])('%s: packed with gzip, in one member or several, it reads as it does plain', (name) => {
  const plain = readFileSync(fixture(name));
  const expected = read(fixture(name));
  const suffix = name.replaceAll('/', '-');
  const half = Math.floor(plain.length / 2);
  const members = Buffer.concat([gzipSync(plain.subarray(0, half)), gzipSync(plain.subarray(half))]);
  expect(read(written(`${suffix}.gz`, gzipSync(plain)))).toEqual(expected);
  expect(read(written(`two-${suffix}.gz`, members))).toEqual(expected);
});

test('an appendonlydir with packed files', () => {
  const copy = join(directory, 'appendonlydir');
  cpSync(fixture('appendonlydir'), copy, { recursive: true });
  const expected = outcomeOf(openInput(copy));
  for (const name of readdirSync(copy)) {
    if (name.endsWith('.manifest')) continue;
    writeFileSync(join(copy, name), gzipSync(readFileSync(join(copy, name))));
  }
  expect(outcomeOf(openInput(copy))).toEqual(expected);
});

const COMMANDS = Array.from({ length: 400 }, (_, at) =>
  resp('SET', `key:${at * 7919}`, 'x'.repeat(at % 50)),
).join('');

test('gzip data that breaks off keeps what came before', () => {
  const packed = gzipSync(COMMANDS);
  for (const share of [0.3, 0.6, 0.99]) {
    const path = written('cut.resp.gz', packed.subarray(0, Math.floor(packed.length * share)));
    const { events, error } = read(path);
    expect(events.length).toBeGreaterThan(20);
    expect(events.length).toBeLessThanOrEqual(400);
    expect(error).toMatch(/^file: the gzip data breaks off after \d+ unpacked bytes; copy the file again$/);
  }
});

test('gzip data with a wrong checksum keeps what came before, and says so', () => {
  const packed = Buffer.from(gzipSync(COMMANDS));
  packed[packed.length - 6]! ^= 1;
  const { events, error } = read(written('sum.resp.gz', packed));
  expect(events).toHaveLength(400);
  expect(error).toMatch(/^file: the gzip data is damaged after \d+ unpacked bytes; copy the file again$/);
});

test('damaged gzip data is an error with its place, whatever byte is damaged', () => {
  const packed = gzipSync(COMMANDS);
  for (let at = 2; at < packed.length; at += 37) {
    const damaged = Buffer.from(packed);
    damaged[at]! ^= 0xa5;
    const path = written('damaged.resp.gz', damaged);
    try {
      // Some bytes of the header, such as its time, mean nothing.
      const { events, error } = read(path);
      if (error === undefined) expect(events).toHaveLength(400);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
    }
  }
});

test('a byte order mark is skipped, and positions count it', () => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  const commands = read(
    written('mark.resp', Buffer.concat([mark, Buffer.from('SET a b\n*1\r\n$4\r\nPING\r\n$')])),
  );
  expect(commands.events).toEqual([
    [0, 0, 'SET', 'a', 'b'],
    [0, 0, 'PING'],
  ]);
  expect(commands.error).toContain('starts at byte 25');
  const log = read(written('mark.log', Buffer.concat([mark, Buffer.from('1.000000 [0 a:1] "GET" "a"\r\n')])));
  expect(log.events.slice(1)).toEqual([[0, 0, 'GET', 'a']]);
});

test.each(['utf16le', 'be'])('text in UTF-16 is named: %s', (order) => {
  const text = Buffer.from('\ufeffSET a b\n', 'utf16le');
  const path = written('wide.resp', order === 'be' ? text.swap16() : text);
  expect(() => openInput(path)).toThrow(
    `it is text in utf-16${order === 'be' ? 'be' : 'le'}; convert it first: iconv`,
  );
});

test('texts are read in UTF-8 and UTF-16, with a mark or without, packed or not', () => {
  const text = '{ "keys": "ü" }';
  const wide = Buffer.from(text, 'utf16le');
  const swapped = Buffer.from(wide).swap16();
  const mark = Buffer.from('\ufeff', 'utf16le');
  const forms = [Buffer.from(text), Buffer.from(`\ufeff${text}`), wide, swapped];
  for (const form of [
    ...forms,
    Buffer.concat([mark, wide]),
    Buffer.concat([Buffer.from(mark).swap16(), swapped]),
  ]) {
    expect(decodedText(form)).toBe(text);
    expect(textOf('file', gzipSync(form))).toBe(text);
  }
  const cut = gzipSync(text.repeat(100)).subarray(0, 30);
  expect(() => textOf('file', cut)).toThrow('file: the gzip data breaks off; copy the file again');
});

test('JSON that is nested too deep is refused before it is walked', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(parsedJson(nested(200))).toBeDefined();
  expect(() => parsedJson(nested(201))).toThrow('nested deeper than 200 at position 200');
  expect(() => parsedJson('{"a":'.repeat(100_000))).toThrow(SyntaxError);
  expect(parsedJson(`["${'['.repeat(1000)}\\"${'{'.repeat(1000)}"]`)).toHaveLength(1);
});

test('a file that is cut while it is read is named', () => {
  const path = written('shrinks.log', '1.000000 [0 a:1] "GET" "a"\n'.repeat(50_000));
  const input = openInput(path);
  const events = input.events();
  events.next();
  truncateSync(path, 700_000);
  expect(() => {
    for (const _ of events);
  }).toThrow(/byte \d+: the file was cut while it was read; it had 1350000 bytes: read a copy/);
  input.close();
});

test('a device is neither a file nor a directory', () => {
  expect(() => openInput('/dev/null')).toThrow(
    'neither a file nor a directory; write its contents to a file first',
  );
});
