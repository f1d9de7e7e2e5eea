import { afterEach, expect, test } from 'vitest';
import { MemorySource } from '#slablab/src/base/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { commandTable, findServer } from '#slablab/src/model/index.js';
import { gapLines } from '#slablab/src/report/index.js';
import { inputSource, run } from '#slablab/src/run/index.js';
import { bytes, resp } from '../input/support/resp.js';
import { expectValid } from '../support/schemas.js';

const spec = commandTable(findServer('redis-7.2')!).named('append')!;
const { handler } = spec;
afterEach(() => {
  Object.assign(spec, { handler });
});

async function runOf(kind: 'resp' | 'aof' | 'monitor', text: string) {
  Object.assign(spec, {
    handler: () => {
      throw new RangeError('size 0');
    },
  });
  const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
  const source = inputSource(inputOf('file', new MemorySource(bytes(text)), kind), { server: 'redis-7.2' });
  const { result, failure } = await run(source, engine, { conf: '', hooks: 'complete', sweepEvery: 0 });
  await engine.close();
  expect(failure).toBeNull();
  await expectValid(result);
  return result;
}

const FIRST = resp('SET', 'k', 'v');
const FAILING = resp('APPEND', 'k', 'x');

test.each(['resp', 'aof'] as const)(
  '%s: a gap has the byte of its command, and the run goes on',
  async (kind) => {
    const { gaps, phases } = await runOf(kind, FIRST + FAILING + resp('SET', 'k2', 'v'));
    expect(gaps).toEqual({
      count: 1,
      first: [
        {
          command: 2,
          name: 'APPEND',
          place: `file: byte ${FIRST.length}`,
          problem: 'RangeError: size 0',
          isPartial: false,
        },
      ],
    });
    expect(phases.map(({ name, commands }) => [name, commands])).toEqual([['end', 3]]);
    expect(gapLines(gaps)).toEqual([
      '1 command could not be carried out; the figures lack what it would have done:',
      `file: byte ${FIRST.length} (command 2): APPEND: RangeError: size 0`,
    ]);
  },
);

test('a gap of an inline command and of a line of MONITOR', async () => {
  const inline = await runOf('resp', `PING\r\nAPPEND k v\r\n`);
  expect(inline.gaps?.first[0]?.place).toBe('file: byte 6');
  const monitor = await runOf('monitor', '1.000000 [0 a:1] "PING"\n1.000000 [0 a:1] "APPEND" "k" "v"\n');
  expect(monitor.gaps?.first[0]?.place).toBe('file: line 2');
});

test('a run without a gap has none in its result', async () => {
  expect((await runOf('resp', FIRST)).gaps).toBeUndefined();
});
