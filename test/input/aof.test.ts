import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { MemorySource } from '#slablab/src/base/index.js';
import { parseManifest } from '#slablab/src/input/aof/manifest.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { commandsOf, type Outcome, outcomeOf } from './support/plain.js';
import { image, key, str } from './support/rdb.js';
import { bytes, resp } from './support/resp.js';

const directory = mkdtempSync(join(tmpdir(), 'slablab-aof-'));
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string, blockBytes?: number): Outcome {
  return outcomeOf(inputOf('a.aof', new MemorySource(bytes(text), blockBytes), 'aof'));
}

describe('one file', () => {
  test('annotations set the time, which never decreases', () => {
    const text = `${resp('A')}#TS:1000\r\n${resp('B')}#TS:1002\r\n# a remark\r\n${resp('C')}#TS:1001\r\n${resp('D')}#TS:1010\r\n`;
    const expected = [
      [0, 0, 'A'],
      { kind: 'epoch', unixMs: 1_000_000 },
      [0, 0, 'B'],
      [0, 2000, 'C'],
      [0, 2000, 'D'],
    ];
    for (const blockBytes of [undefined, 3, 11]) {
      expect(read(text, blockBytes)).toEqual({
        events: expected,
        warnings: [
          'a.aof: byte 65: the clock goes back by 1 s; time stands still until the clock has caught up',
        ],
        error: undefined,
      });
    }
  });

  test('empty file', () => {
    expect(read('')).toEqual({ events: [], warnings: [], error: undefined });
  });

  test('an incomplete command at the end is dropped with a warning', () => {
    const whole = resp('SET', 'a', 'b');
    for (let cut = 1; cut < whole.length; cut++) {
      const outcome = read(resp('PING') + whole.slice(0, cut), 5);
      expect(commandsOf(outcome)).toEqual(['PING']);
      expect(outcome.error).toBeUndefined();
      expect(outcome.warnings).toEqual([
        `a.aof: byte ${14 + cut}: the file ends inside the command that starts at byte 14; its ${cut} bytes are dropped, as by aof-load-truncated yes`,
      ]);
    }
  });

  test('an incomplete annotation at the end is dropped', () => {
    expect(read(`${resp('PING')}#TS:12`)).toEqual({
      events: [[0, 0, 'PING']],
      warnings: [],
      error: undefined,
    });
  });

  test('a transaction without EXEC is dropped with its client, as in the server', () => {
    const outcome = read(resp('SET', 'a', '1') + resp('MULTI') + resp('SET', 'b', '2'));
    expect(commandsOf(outcome)).toEqual(['SET a 1', 'MULTI', 'SET b 2', 'DISCARD']);
    expect(outcome.warnings).toEqual([
      'a.aof: byte 27: the transaction that starts at byte 27 is not complete; it is dropped, as Redis does',
    ]);
    expect(read(resp('multi') + resp('PING') + resp('exec')).warnings).toEqual([]);
  });

  test('an RDB image before the commands', () => {
    const outcome = read(image(key(0, 'k', str('v')), 'REDIS0010') + resp('DEL', 'k'), 16);
    expect(outcome.error).toBeUndefined();
    expect(outcome.events.slice(1)).toEqual([
      { key: 'k', database: 0, string: 'raw', value: 'v' },
      { kind: 'rdb-end', keys: 1 },
      [0, 0, 'DEL', 'k'],
    ]);
  });

  test.each([
    [`${resp('PING')}PING\r\n`, "byte 14: expected '*' before a command, found 'P'"],
    ['*0\r\n', 'byte 1: expected at least 1 argument'],
    [
      `${resp('GET', 'a').replace('$1', '$2')}${resp('PING')}`,
      'byte 19: expected \\r\\n behind an argument of 2 bytes',
    ],
    [`${resp('PING')}\0\0\0\0`, "byte 14: expected '*' before a command, found 0x00"],
    [`#${'x'.repeat(2000)}\n`, 'byte 0: an annotation of over 1024 bytes'],
    [image(key(0, 'k', str('v'))).slice(0, 20), 'were cut short'],
  ])('corruption in the middle is an error: %j', (text, message) => {
    expect(read(text).error).toContain(message.replace('were cut short', 'the file was cut short'));
  });

  test('an invalid time is ignored with a warning', () => {
    expect(read(`#TS:12x\r\n${resp('PING')}`)).toEqual({
      events: [[0, 0, 'PING']],
      warnings: ['a.aof: byte 0: the time "#TS:12x" is no number of seconds; ignored'],
      error: undefined,
    });
  });
});

describe('a directory', () => {
  const fixture = fileURLToPath(new URL('fixtures/appendonlydir', import.meta.url));
  let copies = 0;
  const copied = () => {
    const path = join(directory, `copy${copies++}`);
    cpSync(fixture, path, { recursive: true });
    return path;
  };

  test('base and increments of Redis 7.0, with its times', () => {
    const input = openInput(fixture);
    expect(input.kind).toBe('aof');
    const outcome = outcomeOf(input);
    expect([outcome.error, outcome.warnings]).toEqual([undefined, []]);
    expect(input.bytesRead).toBe(input.sizeBytes);
    const entries = outcome.events.filter((event) => typeof (event as { key?: unknown }).key === 'string');
    expect(entries).toHaveLength(2);
    expect(commandsOf(outcome)).toEqual([
      'SELECT 0',
      'set increment 2',
      'SELECT 2',
      'lpush other x',
      'SELECT 0',
      'MULTI',
      'incr counter',
      'incr counter',
      'EXEC',
      expect.stringMatching(/^PEXPIREAT base \d+$/),
    ]);
    const commands = outcome.events.filter(Array.isArray) as [number, number][];
    expect(commands.map(([client]) => client)).toEqual(Array(10).fill(1));
    const times = commands.map(([, timeMs]) => timeMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)! - times[0]!).toBe(1000);
    expect(input.clientName(1)).toBe('appendonly.aof.2.incr.aof');
  });

  test('by its manifest', () => {
    const outcome = outcomeOf(openInput(join(fixture, 'appendonly.aof.manifest')));
    expect(outcome).toEqual(outcomeOf(openInput(fixture)));
  });

  test('only the last file may be truncated', () => {
    const last = copied();
    truncateSync(join(last, 'appendonly.aof.2.incr.aof'), 290);
    const outcome = outcomeOf(openInput(last));
    expect(outcome.error).toBeUndefined();
    expect(outcome.warnings).toHaveLength(1);
    const first = copied();
    const manifest = join(first, 'appendonly.aof.manifest');
    writeFileSync(
      manifest,
      'file appendonly.aof.2.base.rdb seq 2 type b\nfile appendonly.aof.1.incr.aof seq 1 type h\n' +
        'file appendonly.aof.2.incr.aof seq 2 type i\nfile "appendonly.aof.3.incr.aof" seq 3 type i\n',
    );
    writeFileSync(join(first, 'appendonly.aof.3.incr.aof'), resp('PING'));
    expect(outcomeOf(openInput(first)).error).toBeUndefined();
    truncateSync(join(first, 'appendonly.aof.2.incr.aof'), 290);
    expect(outcomeOf(openInput(first)).error).toMatch(
      /incr\.aof: byte 290: .*, and it is not the last file; repair/,
    );
  });

  test('an empty base is told: a server loads the increments and says nothing', () => {
    const path = copied();
    truncateSync(join(path, 'appendonly.aof.2.base.rdb'), 0);
    const { error, warnings } = outcomeOf(openInput(path));
    expect(error).toBeUndefined();
    expect(warnings).toContainEqual(expect.stringContaining('base `appendonly.aof.2.base.rdb` is empty'));
    const increment = copied();
    truncateSync(join(increment, 'appendonly.aof.2.incr.aof'), 0);
    expect(outcomeOf(openInput(increment)).warnings).toEqual([]);
  });

  test('a missing file is reported before anything is read', () => {
    const path = copied();
    rmSync(join(path, 'appendonly.aof.2.incr.aof'));
    expect(() => openInput(path)).toThrow(
      /manifest: it names `appendonly\.aof\.2\.incr\.aof`, which does not exist; copy/,
    );
    mkdirSync(join(path, 'appendonly.aof.2.incr.aof'));
    expect(() => openInput(path)).toThrow(/`appendonly\.aof\.2\.incr\.aof`, which is no file; copy/);
  });

  test('several manifests, no manifest, and the parent directory', () => {
    const path = copied();
    expect(() => openInput(directory)).toThrow(/a directory without an AOF manifest/);
    writeFileSync(join(path, 'other.manifest'), '');
    expect(() => openInput(path)).toThrow(/several manifests \(appendonly\.aof\.manifest, other\.manifest\)/);
    const above = fileURLToPath(new URL('fixtures', import.meta.url));
    expect(() => openInput(above)).toThrow(/did you mean .*fixtures\/appendonlydir\?/);
  });
});

describe('a manifest', () => {
  test.each([
    ['', 'm: it names no base and no increment'],
    ['file a seq 1 type h\n', 'm: it names no base and no increment'],
    ['file a seq 1 type b', 'm: line 1: it does not end with a newline'],
    ['file a seq 1 type b\nfile b seq 2 type b\n', 'm: line 2: a second base file'],
    ['file a seq 2 type i\nfile b seq 2 type i\n', 'm: line 2: seq 2 after seq 2'],
    [
      'file ../a seq 1 type b\n',
      'm: line 1: file "../a"; it must be the name of a file in the directory of the manifest',
    ],
    ['file a seq x type b\n', 'm: line 1: seq "x"'],
    ['file a seq 1 type z\n', 'm: line 1: type "z"'],
    ['file a seq 1\n', 'm: line 1: "file a seq 1"; a line reads'],
    ['# remark\nfile "a seq 1 type b\n', 'm: line 2: quotes that do not match'],
  ])('refuses %j', (text, message) => {
    expect(() => parseManifest('m', bytes(text))).toThrow(message);
  });
});
