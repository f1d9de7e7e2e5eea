/** The used_memory that an RDB file has of its server, beside that of the lab after loading it. */
import { expect, test } from 'vitest';
import { MemorySource } from '#slablab/src/base/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { inputOf } from '#slablab/src/input/open-input.js';
import { inputSource, type RunResult, run } from '#slablab/src/run/index.js';
import * as rdb from '../input/support/rdb.js';
import { bytes, resp } from '../input/support/resp.js';

const fileWith = (usedMemory: string, keys = rdb.key(0, 'k', rdb.str('v'))) =>
  rdb.image(rdb.aux('redis-ver', '7.2.4') + rdb.aux('used-mem', usedMemory) + keys);

async function resultOf(file: string, build = 'q3', kind: 'rdb' | 'aof' = 'rdb'): Promise<RunResult> {
  const engine = await openEngine({ build, conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const source = inputSource(inputOf('dump', new MemorySource(bytes(file)), kind));
    return (await run(source, engine, { conf: '', hooks: 'complete', sweepEvery: 10 })).result;
  } finally {
    await engine.close();
  }
}

async function sentencesOf(...args: Parameters<typeof resultOf>): Promise<readonly string[]> {
  const { certainty = [] } = await resultOf(...args);
  return certainty.slice(2);
}

async function hereIn(build: string): Promise<number> {
  const { phases } = await resultOf(fileWith('1'), build);
  return phases.find(({ name }) => name === 'end')!.memory.usedMemory;
}

const BUILD_HINT = "Build q4 models the allocator of a distribution's package.";
const shareMore = async (build: string, share: number) =>
  `${Math.round((await hereIn(build)) * (1 + share))}`;

test.each([
  ['q3', 0.02, /used_memory, 2\.0% more than here\.$/, []],
  ['q3', 0.2, /used_memory, 20\.0% more than here\.$/, [BUILD_HINT]],
  ['q4', 0.2, /used_memory, 20\.0% more than here\.$/, []],
  ['q3', -0.5, /used_memory, 50\.0% less than here\.$/, []],
] as const)('on build %s, %d more', async (build, share, sentence, hints) => {
  const [first, ...others] = await sentencesOf(fileWith(await shareMore(build, share)), build);
  expect(first).toMatch(sentence);
  expect(others).toEqual(hints);
});

test.each(['0', '-1', '1e9', '12345678901234567890', 'many', ''])(
  'a file that has %j in its place is not compared',
  async (text) => {
    expect(await sentencesOf(fileWith(text))).toEqual([]);
  },
);

test('a file that was not loaded to its end is not compared, nor one with commands after the data set', async () => {
  const file = fileWith('1000000');
  expect(await sentencesOf(file.slice(0, -12))).toEqual([]);
  expect(await sentencesOf(file + resp('SET', 'k', 'v'), 'q3', 'aof')).toEqual([]);
});
