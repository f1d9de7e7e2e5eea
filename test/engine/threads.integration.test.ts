/** Simulated threads that begin and end: arenas, tcaches, and the memory that the lab itself needs for them. */
import { describe, expect, test } from 'vitest';
import type { Engine, StreamError } from '#slablab/src/engine/index.js';
import { Kind } from '#slablab/src/stream/index.js';
import { chunkOf, FORMS_AND_SANITIZED, rejection, VERSIONS, type Words, withEngine } from './streams.js';

const CASES = VERSIONS.flatMap((build) => FORMS_AND_SANITIZED.map((form) => ({ ...form, build })));
/** A size with a slab of its own class, which nothing else in these streams has. */
const SIZE = 7000;

/** Returns the arenas in which regions of SIZE live, in the order of their handles. */
async function arenasOf(engine: Engine, handles: number): Promise<number[]> {
  const { granules } = await engine.survey(0);
  const arenaOfPage = new Map(
    Array.from({ length: granules.count }, (_, row) => [granules.page[row]!, granules.arena[row]!] as const),
  );
  const places = await engine.locate();
  return Array.from({ length: handles }, (_, handle) => arenaOfPage.get(places[handle]!)!);
}

describe.each(CASES)('threads of $build in $form', (form) => {
  const conf = 'narenas:8';

  test('living threads take the first empty arena, then the one with the fewest threads', () =>
    withEngine({ ...form, conf }, async (engine) => {
      const operations: Words[] = [[Kind.malloc, 0, SIZE]];
      for (let n = 1; n <= 12; n++) operations.push([Kind.thread, 0, n], [Kind.malloc, n, SIZE]);
      await engine.replay(chunkOf(operations));
      expect(await arenasOf(engine, 13)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4]);
    }));

  test('an arena of its own is beyond the automatic ones, and no other thread is in it', () =>
    withEngine({ ...form, conf }, async (engine) => {
      const operations: Words[] = [[Kind.thread, 0, 1], [Kind.ownArena], [Kind.malloc, 0, SIZE]];
      for (let n = 2; n <= 10; n++) operations.push([Kind.thread, 0, n], [Kind.malloc, n - 1, SIZE]);
      operations.push([Kind.threadEnd, 0, 1], [Kind.thread, 0, 11], [Kind.malloc, 10, SIZE]);
      await engine.replay(chunkOf(operations));
      const [own, ...others] = await arenasOf(engine, 11);
      expect(own).toBeGreaterThanOrEqual(8);
      expect(others.filter((arena) => arena >= 8)).toEqual([]);
    }));

  test('a thread takes the place of the one that has ended', () =>
    withEngine({ ...form, conf }, async (engine) => {
      const operations: Words[] = [[Kind.malloc, 0, SIZE]];
      for (let n = 1; n <= 5; n++) {
        operations.push([Kind.thread, 0, n], [Kind.malloc, n, SIZE], [Kind.thread, 0, 0]);
        operations.push([Kind.threadEnd, 0, n]);
      }
      await engine.replay(chunkOf(operations));
      expect(await arenasOf(engine, 6)).toEqual([0, 1, 1, 1, 1, 1]);
    }));

  test('the end of a thread flushes its tcache, wherever it is ended from', () =>
    withEngine({ ...form, conf }, async (engine) => {
      const fill = (first: number): Words[] => [
        ...Array.from({ length: 100 }, (_, i): Words => [Kind.malloc, first + i, 64]),
        ...Array.from({ length: 100 }, (_, i): Words => [Kind.free, first + i]),
      ];
      const parked = async () => (await engine.survey(0)).drainprof.parked;
      await engine.replay(chunkOf([[Kind.malloc, 0, 8]]));
      const before = await parked();
      await engine.replay(chunkOf([[Kind.thread, 0, 3], ...fill(1), [Kind.thread, 0, 9], ...fill(200)], 1));
      expect(await parked()).toBeGreaterThan(before);
      await engine.replay(
        chunkOf(
          [
            [Kind.threadEnd, 0, 3],
            [Kind.threadEnd, 0, 9],
            [Kind.thread, 0, 0],
          ],
          500,
        ),
      );
      expect(await parked()).toBe(before);
    }));

  test('a thread that has ended still frees and allocates in its late destructors', () =>
    withEngine({ ...form, conf }, async (engine) => {
      const operations: Words[] = [
        [Kind.thread, 0, 1],
        [Kind.malloc, 1, 100],
        [Kind.malloc, 2, 100],
        [Kind.threadEnd, 0, 1],
        [Kind.free, 1],
        [Kind.malloc, 3, 100],
        [Kind.sweep, 0, 0],
        [Kind.free, 3],
        [Kind.thread, 0, 1],
        [Kind.free, 2],
        [Kind.thread, 0, 0],
        [Kind.sweep, 0, 1],
      ];
      const [late, last] = await engine.replay(chunkOf(operations));
      expect(late!.drainprof.reconciled).toBe(true);
      expect(last!.drainprof.reconciled).toBe(true);
    }));

  test.each<[string, Words[], number]>([
    ['has not begun', [[Kind.threadEnd, 0, 5]], 0],
    [
      'has ended',
      [
        [Kind.thread, 0, 5],
        [Kind.threadEnd, 0, 5],
        [Kind.threadEnd, 0, 5],
      ],
      2,
    ],
  ])('the end of a thread that %s is refused', (_, operations, position) =>
    withEngine(form, async (engine) => {
      const error = await rejection<StreamError>(engine.replay(chunkOf(operations)));
      expect(error.message).toContain(
        `operation ${position} (threadEnd, handle 0, size 5): the thread has not begun`,
      );
    }),
  );

  test('the first thread ends like any other', () =>
    withEngine({ ...form, conf }, async (engine) => {
      await engine.replay(
        chunkOf([
          [Kind.malloc, 0, SIZE],
          [Kind.thread, 0, 1],
          [Kind.malloc, 1, SIZE],
          [Kind.threadEnd, 0, 0],
          [Kind.thread, 0, 2],
          [Kind.malloc, 2, SIZE],
          [Kind.thread, 0, 0],
          [Kind.malloc, 3, SIZE],
        ]),
      );
      expect(await arenasOf(engine, 4)).toEqual([0, 1, 0, 2]);
    }));
});

describe.each(VERSIONS)('many threads of %s', (build) => {
  test.each(['wasm', 'native'] as const)('any number of threads, one after the other, in %s', (runtime) =>
    withEngine({ build, runtime }, async (engine) => {
      const ROUND = 10_000;
      for (let round = 0; round < 10; round++) {
        const operations = Array.from({ length: ROUND }, (_, n): Words[] => [
          [Kind.thread, 0, 1 + round * ROUND + n],
          [Kind.malloc, 1, 100],
          [Kind.free, 1],
          [Kind.threadEnd, 0, 1 + round * ROUND + n],
        ]);
        await engine.replay(chunkOf(operations.flat(), 4 * round * ROUND));
      }
      await engine.replay(chunkOf([[Kind.thread, 0, 0]], 400_000));
      const { drainprof } = await engine.survey(0);
      expect([drainprof.reconciled, drainprof.parked]).toEqual([true, 0]);
    }),
  );

  test('thousands of threads that live together, numbered as far as numbers go', () =>
    withEngine({ build, runtime: 'wasm' }, async (engine) => {
      const THREADS = 3000;
      const last = 2 ** 24 - 1;
      const numbers = Array.from({ length: THREADS }, (_, n) => last - n * 1000);
      const begin = numbers.flatMap((n, i): Words[] => [
        [Kind.thread, 0, n],
        [Kind.malloc, i, 100],
      ]);
      const end = numbers.flatMap((n, i): Words[] => [
        [Kind.threadEnd, 0, n],
        [Kind.free, i],
      ]);
      await engine.replay(chunkOf([...begin, [Kind.thread, 0, 0], ...end]));
      expect((await engine.survey(0)).drainprof.reconciled).toBe(true);
    }));
});
