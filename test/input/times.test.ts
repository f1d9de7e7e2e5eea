import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemorySource } from '#slablab/src/base/index.js';
import { openInput } from '#slablab/src/input/disk-files.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { commandsOf, outcomeOf } from './support/plain.js';
import { bytes, resp } from './support/resp.js';

function monitor(...seconds: readonly string[]) {
  const text = seconds.map((time, index) => `${time} [0 127.0.0.1:1] "SET" "k${index}" "v"\n`).join('');
  return outcomeOf(inputOf('m.log', new MemorySource(bytes(text)), 'monitor'));
}

function aof(text: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'slablab-times-')), 'a.aof');
  writeFileSync(path, text, 'latin1');
  const outcome = outcomeOf(openInput(path));
  return { ...outcome, warnings: outcome.warnings.map((warning) => warning.replaceAll(path, 'a.aof')) };
}

const timesOf = (events: readonly unknown[]) => events.filter(Array.isArray).map(([, timeMs]) => timeMs);

test('a quiet log of 52 days is read without a remark', () => {
  const { events, warnings } = monitor('1700000000.000000', '1704500000.000000');
  expect(timesOf(events)).toEqual([0, 4_500_000_000]);
  expect(warnings).toEqual([]);
});

test('a clock that jumps years ahead or goes back is named with its line', () => {
  const { events, warnings } = monitor(
    '1000000000.000000',
    '1100000000.000000',
    '1000000001.000000',
    '999999999999.000000',
    '1100000001.000000',
  );
  expect(timesOf(events)).toEqual([0, 1e11, 1e11, 1e11, 1e11 + 1000]);
  expect(warnings).toEqual([
    'm.log: line 2: the clock jumps 3 years ahead; it is taken as it stands',
    'm.log: line 3: the clock goes back by 3 years; time stands still until the clock has caught up',
    'm.log: line 4: the clock is 31,656 years after the beginning; this time is left out',
    'm.log: line 4: further times like these are not named',
  ]);
});

test('a step back of less than a second is not named', () => {
  expect(monitor('5.900000', '5.100000').warnings).toEqual([]);
});

test('the first timestamp of a log counts for the commands before it', () => {
  const { events, warnings, error } = aof(
    `${resp('SET', 'a', 'b')}${resp('SET', 'x', '#TS:7')}#TS:1000\r\n${resp('SET', 'c', 'd')}#TS:1010\r\n${resp('GET', 'a')}`,
  );
  expect(error).toBeUndefined();
  expect(events[0]).toEqual({ kind: 'epoch', unixMs: 1_000_000 });
  expect(timesOf(events)).toEqual([0, 0, 0, 10_000]);
  expect(warnings).toEqual([
    'a.aof: commands come before the first timestamp (#TS:); they count as sent at its time',
  ]);
});

test('a value that looks like a timestamp is none', () => {
  const { events, warnings } = aof(resp('SET', 'x', '\n#TS:1000\r\n'));
  expect(commandsOf({ events, warnings, error: undefined })).toEqual(['SET x \n#TS:1000\r\n']);
  expect(events).toHaveLength(1);
  expect(warnings).toEqual([]);
});

test('timestamps of a log that go back or jump are named with their byte', () => {
  const { warnings } = aof(`#TS:2000\r\n${resp('A')}#TS:1000\r\n${resp('B')}#TS:900000000\r\n${resp('C')}`);
  expect(warnings).toEqual([
    'a.aof: byte 21: the clock goes back by 1,000 s; time stands still until the clock has caught up',
    'a.aof: byte 42: the clock jumps 29 years ahead; it is taken as it stands',
  ]);
});
