/**
 * Memory is refused at every point at which the system can refuse it, one after the other, while a small stream
 * runs: each time the error says so, and ledger and jemalloc still agree to the region.
 */
import { describe, expect, test } from 'vitest';
import type { BootOptions, LabEngine, OutOfMemoryError } from '#slablab/src/engine/index.js';
import { Kind, type OpChunk } from '#slablab/src/stream/index.js';
import { chunkOf, open, rejection, VERSIONS, type Words, withEngine } from './streams.js';

/** Touches slabs of many classes, large extents, every kind of resize, and threads that begin and end. */
function smallStream(): OpChunk {
  const out: Words[] = [];
  for (let h = 0; h < 300; h++) out.push([Kind.malloc, h, 1 + ((h * 97) % 5000)]);
  for (let h = 300; h < 330; h++) out.push([Kind.calloc, h, 20_000 * (h - 299)]);
  out.push([Kind.thread, 0, 1]);
  for (let h = 330; h < 600; h++) out.push([Kind.malloc, h, 1 + ((h * 61) % 15_000)]);
  for (let h = 0; h < 300; h += 3) out.push([Kind.realloc, h, 8000 + h * 10]);
  for (let h = 300; h < 330; h++) out.push([Kind.realloc, h, 900_000]);
  for (let h = 1; h < 300; h += 3) out.push([Kind.free, h]);
  for (let h = 600; h < 640; h++) out.push([Kind.aligned + 14, h, 30_000]);
  for (let h = 640; h < 700; h++) out.push([Kind.mallocNoTcache, h, 3000]);
  out.push([Kind.thread, 0, 2], [Kind.malloc, 700, 3000], [Kind.threadEnd, 0, 1], [Kind.thread, 0, 3]);
  for (let h = 701; h < 800; h++) out.push([Kind.malloc, h, 1 + ((h * 97) % 5000)]);
  for (let h = 701; h < 800; h++) out.push([Kind.free, h]);
  out.push([Kind.threadEnd, 0, 3], [Kind.malloc, 701, 100], [Kind.threadEnd, 0, 2], [Kind.thread, 0, 0]);
  // The end of a thread survives every refusal, and what follows does not.
  for (let h = 800; h < 810; h++) out.push([Kind.malloc, h, 9_000_000]);
  return chunkOf(out);
}

type Refuse = NonNullable<BootOptions['refuse']>;

/** Returns the number of points, and how many of the refusals reached the stream as an error. */
async function injectEverywhere(count: number, openWith: (refuse: Refuse) => Promise<LabEngine>, every = 1) {
  const chunk = smallStream();
  for (let from = 1, errors = 0; ; from += every) {
    const engine = await openWith({ from, count });
    try {
      const outcome = await engine.replay(chunk).catch((error: OutOfMemoryError) => error);
      expect((await engine.survey(0)).drainprof.reconciled).toBe(true);
      const { totals } = await engine.port.survey();
      const points = totals[engine.port.compiled.totalFields.indexOf('failPoints')]!;
      if (outcome instanceof Error) {
        errors++;
        expect(outcome).toMatchObject({ name: 'OutOfMemoryError' });
        expect(outcome.message).toMatch(/^operation \d+ \(.*\): out of memory with .* mapped/);
        expect(outcome.position).toBeLessThan(chunk.length);
      }
      if (points < from) return { points: from - 1, errors };
    } finally {
      await engine.close();
    }
  }
}

/** jemalloc survives most single refusals by asking for less; that memory is exhausted it must pass on. */
const ONCE = 1;
const FOR_GOOD = 1_000_000;

describe.each(VERSIONS)('%s: an allocation failure at every point of a small stream', (build) => {
  test.each([ONCE, FOR_GOOD])('in WebAssembly, refusing %d times', async (count) => {
    const { points, errors } = await injectEverywhere(
      count,
      async (refuse) => (await open({ build, refuse, regions: true })) as LabEngine,
    );
    expect(points).toBeGreaterThan(300);
    // The record of an extent that 5.2.1 gives up for lack of another serves its next attempt, which may succeed.
    const survived = build === 'q3-5.2.1' ? 5 : 0;
    if (count === FOR_GOOD) expect(points - errors).toBeLessThanOrEqual(survived);
  });

  test.each([ONCE, FOR_GOOD])('in the native twin under sanitizers, refusing %d times', async (count) => {
    const { points } = await injectEverywhere(
      count,
      async (refuse) => (await open({ build, refuse, regions: true, variant: '-asan' })) as LabEngine,
      build === 'q3' ? 1 : 7,
    );
    expect(points).toBeGreaterThan(300);
  });

  test('is reported with the phases already measured', async () => {
    const stream = smallStream();
    const operations = Array.from(
      { length: stream.length },
      (_, i): Words => [stream.what[i]!, stream.handle[i]!, stream.size[i]!],
    );
    const whole = chunkOf([[Kind.malloc, 1000, 10], [Kind.sweep, 0, 3], ...operations]);
    await withEngine({ build, refuse: { from: 100, count: FOR_GOOD } }, async (engine) => {
      const error = await rejection<OutOfMemoryError>(engine.replay(whole));
      expect(error.name).toBe('OutOfMemoryError');
      expect(error.snapshots).toHaveLength(1);
      expect(error.snapshots[0]).toMatchObject({ phase: 3, position: 2, drainprof: { reconciled: true } });
    });
  });
});
