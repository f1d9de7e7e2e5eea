/** The builds of jemalloc 5.3.1, which exist where someone made them: Debian's suites move on from this version. */
import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import type { BootError } from '#slablab/src/engine/index.js';
import { NativePort } from '#slablab/src/engine/native-port.js';
import { builds, nativeTwin } from '#slablab/src/engine/node.js';
import { Kind } from '#slablab/src/stream/index.js';
import { chunkOf, FORMS, open, rejection, type Words, withEngine } from './streams.js';

const made = await builds();
/** The switches with which 5.3.1 does what 5.3.0 does. */
const AS_5_3_0 = 'experimental_tcache_gc:false,disable_large_size_classes:false';

/** Allocations up to 400 KB that come and go, with purges and pauses. */
function churn(seed: number, sizes: (random: Random) => number): Words[] {
  const random = new Random(seed);
  const words: Words[] = [];
  const live: number[] = [];
  for (let handle = 0; handle < 20_000; handle++) {
    words.push([Kind.malloc, handle, sizes(random)]);
    live.push(handle);
    if (random.below(5) < 2 || live.length > 600) {
      words.push([Kind.free, live.splice(random.below(live.length), 1)[0]!]);
    }
    if (random.below(500) === 0) words.push([Kind.advance, 0, random.below(20_000)], [Kind.decay]);
    if (random.below(2000) === 0) words.push([Kind.sweep, 0, handle]);
  }
  words.push([Kind.purge], [Kind.sweep, 0, 20_000]);
  return words;
}

const mixed = (random: Random) => 1 + random.below(random.below(4) === 0 ? 400_000 : 4000);

describe.each(['q4-5.3.1', 'q3-5.3.1'])('build %s', (build) => {
  const isMade = made.includes(build);

  test.skipIf(!isMade)('every form gives the same snapshots, each of which reconciles', async () => {
    const results: unknown[] = [];
    for (const form of FORMS) {
      await withEngine({ ...form, build }, async (engine) => {
        results.push(await engine.replay(chunkOf(churn(7, mixed))));
      });
    }
    expect(results[0]).toHaveLength(9);
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });

  test.skipIf(!isMade)('a large allocation ends at a page, as its used memory does', async () => {
    const used = (conf: string) =>
      withEngine({ build, conf }, async (engine) => {
        await engine.replay(chunkOf([[Kind.malloc, 0, 33_000]]));
        return (await engine.survey(0)).memory.usedMemory;
      });
    expect(await used('')).toBe(36_864);
    expect(await used(AS_5_3_0)).toBe(40_960);
  });

  test.skipIf(!isMade)('with both new policies off, small classes are those of 5.3.0', async () => {
    const small = (random: Random) => 1 + random.below(4000);
    const binsOf = (name: string, conf: string) =>
      withEngine({ build: name, conf }, async (engine) => {
        const snapshots = await engine.replay(chunkOf(churn(3, small)));
        return snapshots.map(({ bins, drainprof }) => ({ bins, drainprof }));
      });
    expect(await binsOf(build, AS_5_3_0)).toEqual(await binsOf(build.slice(0, 2), ''));
  });

  test.skipIf(!isMade)('metadata is what it says itself, within 0.2%', async () => {
    const port = await NativePort.start(await nativeTwin(build));
    await port.boot(4, '');
    for (const threads of [1, 3, 16]) {
      const words: Words[] = [];
      for (let i = 0; i < 30_000; i++) {
        if (i % 1000 === 0) words.push([Kind.thread, 0, (i / 1000) % threads]);
        words.push([Kind.malloc, threads * 100_000 + i, 1 + (i % 3000)]);
      }
      await port.replay(chunkOf(words), 0);
      const { totals } = await port.survey();
      const total = (name: string) => totals[port.compiled.totalFields.indexOf(name)]!;
      expect(Math.abs(total('metadata') / total('jemallocMetadata') - 1)).toBeLessThan(0.002);
    }
    await port.close();
  });

  test.skipIf(isMade)('a build that was not made is refused with the command that makes it', async () => {
    const { name, message } = await rejection<BootError>(open({ build }));
    expect(name).toBe('BootError');
    expect(message).toContain(`make wasm BUILD=${build}`);
  });
});

test('an option of 5.3.1 is refused by 5.3.0, with the version that has it', async () => {
  const error = await rejection<BootError>(open({ build: 'q3', conf: 'experimental_tcache_gc:false' }));
  expect(error.message).toContain(
    "there is no option 'experimental_tcache_gc' in jemalloc 5.3.0, only since 5.3.1",
  );
});
