import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parseLogLine } from '#slablab/src/trace/log-lines.js';
import { convertLog, convertToLog } from '#slablab/src/trace/node.js';

const SAMPLE = fileURLToPath(new URL('fixtures/logalloc-sample.txt', import.meta.url));

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'slablab-log-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Converts a log to operations and back. */
async function roundTrip(log: string) {
  const place = directory();
  writeFileSync(join(place, 'in.log'), log);
  const trace = await convertLog(join(place, 'in.log'), join(place, 't.ops'));
  await convertToLog(join(place, 't.ops'), join(place, 'out.log'));
  return { ...trace, log: readFileSync(join(place, 'out.log'), 'utf8') };
}

test('the sample: the first process, with its failed call and without the other process', async () => {
  const { counts, problems, log } = await roundTrip(readFileSync(SAMPLE, 'utf8'));
  expect(counts).toMatchObject({ failedCalls: 1, unknownFrees: 0, threads: 2 });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('1 calls of other processes than 18545');
  expect(log.split('\n').slice(0, 8)).toEqual([
    '1 1 malloc(32)=#1',
    '1 1 malloc(1)=#2',
    '1 1 calloc(1,148)=#3',
    '1 1 calloc(1,1024)=#4',
    '1 1 realloc(#1,64)=#1',
    '1 1 malloc(24)=#5',
    '1 1 free(#5)',
    '1 1 memalign(256,240)=#5',
  ]);
});

test('a log that was written is read as the same log', async () => {
  const { log } = await roundTrip(readFileSync(SAMPLE, 'utf8'));
  expect((await roundTrip(log)).log).toBe(log);
});

test('forms of a line', () => {
  expect(parseLogLine('7 malloc(8)=0x10')).toEqual({
    pid: '7',
    tid: '7',
    name: 'malloc',
    args: [8],
    result: 16,
  });
  expect(parseLogLine('7 9 free((nil))')).toMatchObject({ tid: '9', args: [0] });
  expect(parseLogLine('7 9 realloc(#2,64)=#3\r')).toMatchObject({ args: [32, 64], result: 48 });
  for (const line of [
    '',
    'malloc(8)=0x10',
    '7 9 malloc(8)',
    '7 9 free(0x1)=0x2',
    '7 9 malloc(a)=0x1',
    '7 9 calloc(1)=0x1',
    '7 9 sbrk(1)=0x1',
  ]) {
    expect(parseLogLine(line)).toBeUndefined();
  }
});

test('lines that are no calls are counted with the place of the first', async () => {
  const { problems, counts } = await roundTrip(
    '1 1 malloc(8)=0x10\n1 1 mall\n\n1 1 free(0x10)\n1 1 free(0x10\n',
  );
  expect(counts.calls).toBe(2);
  expect(problems.join()).toContain('line 2: not a call; 2 such lines were left out');
});

test('a file without any call is refused', async () => {
  await expect(roundTrip('what\nis this\n')).rejects.toThrow('no line of it is a call');
});
