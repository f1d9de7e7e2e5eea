/** An instance that serves a second time cannot be told from a new one. */
import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { wasmModule } from '#slablab/src/engine/builds.js';
import { giveInstance, LabInstance, takeInstance } from '#slablab/src/engine/lab-instance.js';
import { builds } from '#slablab/src/engine/node.js';
import { Kind } from '#slablab/src/stream/index.js';
import { printedSeed } from '../support/seed.js';
import { chunkOf, open, rejection, type Words, withEngine } from './streams.js';

const SEED = printedSeed('instances');

/** Regions of any size in several threads, many of them freed again, time, purges, a mark and a survey. */
function traffic(): Words[] {
  const random = new Random(SEED);
  const words: Words[] = [[Kind.mark]];
  for (let handle = 0; handle < 200_000; handle++) {
    if (handle % 20_000 === 0) words.push([Kind.thread, 0, random.below(64)]);
    words.push([Kind.malloc, handle, 1 + random.below(random.below(50) === 0 ? 500_000 : 600)]);
    if (random.below(3) === 0) words.push([Kind.free, handle]);
    if (random.below(1000) === 0) words.push([Kind.advance, 0, random.below(3000)], [Kind.decay]);
  }
  return [...words, [Kind.aligned + 14, 200_000, 5000], [Kind.purge], [Kind.sweep, 0, 0]];
}

/** The offset of the first byte in which two memories differ; undefined if none. */
function difference(one: LabInstance, other: LabInstance): number | undefined {
  const [a, b] = [one, other].map(({ lab }) => Buffer.from(lab.memory.buffer)) as [Buffer, Buffer];
  if (a.equals(b)) return undefined;
  return a.findIndex((byte, at) => byte !== b[at]);
}

/** The one that was given last, as whoever opens the next engine would get it. */
async function used(build: string, use: () => Promise<unknown>): Promise<[LabInstance, LabInstance]> {
  const module = await wasmModule(build);
  const first = new LabInstance(module);
  giveInstance(first);
  await use();
  const second = takeInstance(module);
  expect(second).toBe(first);
  return [second, new LabInstance(module)];
}

describe.each(await builds())('build %s', (build) => {
  test('every byte of its memory is as it was, whatever the run did', async () => {
    const words = traffic();
    const [again, fresh] = await used(build, async () => {
      await withEngine({ build, conf: 'dirty_decay_ms:100' }, async (engine) => {
        for (let from = 0; from < words.length; from += 60_000) {
          await engine.replay(chunkOf(words.slice(from, from + 60_000), from));
        }
        await engine.locate();
      });
    });
    expect(difference(again, fresh)).toBeUndefined();
  });
});

describe('after a run that failed', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a configuration that is refused', () => rejection(open({ conf: 'no_such_option:1' }))],
    [
      'a handle that is not there',
      () => withEngine({}, (engine) => rejection(engine.replay(chunkOf([[Kind.free, 7]])))),
    ],
    [
      'memory that is refused',
      () =>
        withEngine({ refuse: { from: 1, count: 1000 } }, (engine) =>
          rejection(engine.replay(chunkOf([[Kind.malloc, 1, 1 << 24]]))),
        ),
    ],
    [
      'all memory taken',
      () => {
        const all = Array.from({ length: 40 }, (_, handle): Words => [Kind.malloc, handle, 0x10000000]);
        return withEngine({}, (engine) => rejection(engine.replay(chunkOf(all))));
      },
    ],
  ])('%s leaves nothing behind', async (_, use) => {
    const [again, fresh] = await used('q3', use);
    expect(difference(again, fresh)).toBeUndefined();
  });
});

test('an engine that was closed answers nothing: its instance may be another’s by then', async () => {
  const engine = await open();
  await engine.close();
  await engine.close();
  const other = await open();
  await expect(engine.survey(0)).rejects.toThrow('closed');
  await expect(engine.replay(chunkOf([[Kind.malloc, 1, 8]]))).rejects.toThrow('closed');
  expect((await other.survey(0)).drainprof.allocs).toBe((await (await open()).survey(0)).drainprof.allocs);
});
