/** jemalloc's own text about itself, read by the parser that reads servers', against the lab's snapshots. */
import { describe, expect, test } from 'vitest';
import { parseMallocStats } from '#slablab/src/analysis/malloc-stats/parse-malloc-stats.js';
import { Random } from '#slablab/src/base/index.js';
import type { BinRow, Engine } from '#slablab/src/engine/index.js';
import { Kind } from '#slablab/src/stream/index.js';
import { printedSeed } from '../support/seed.js';
import { chunkOf, FORMS, VERSIONS, type Words, withEngine } from './streams.js';

const SEED = printedSeed('statistics');

/** Of several threads, so that regions are parked as well; and some large ones. */
function traffic(): Words[] {
  const random = new Random(SEED);
  const out: Words[] = [];
  for (let handle = 0; handle < 20_000; handle++) {
    if (handle % 5000 === 0) out.push([Kind.thread, 0, handle / 5000]);
    out.push([Kind.malloc, handle, 1 + random.below(handle % 100 === 0 ? 100_000 : 2000)]);
  }
  for (let handle = 0; handle < 20_000; handle++) if (random.below(3) > 0) out.push([Kind.free, handle]);
  out.push([Kind.advance, 0, 5000], [Kind.decay]);
  return out;
}

async function expectToAgree(engine: Engine): Promise<void> {
  const text = await engine.statistics();
  const { bins, totals, version, quantum, pageSize, large, cacheOblivious } = parseMallocStats(text);
  const snapshot = await engine.survey(0);
  const { info } = engine;
  expect({ quantum, pageSize, cacheOblivious }).toEqual({
    quantum: info.quantum,
    pageSize: info.pageSize,
    cacheOblivious: info.cacheOblivious,
  });
  expect(version).toContain(info.jemallocVersion);
  // Bins of which there was never a slab are left out of the text, as those are that were opened and have all come back.
  const ofSlabs = <T extends Pick<BinRow, 'size' | 'curregs' | 'curslabs'>>(rows: readonly T[]) =>
    rows
      .filter(({ curslabs }) => curslabs > 0)
      .map(({ size, curregs, curslabs }) => ({ size, curregs, curslabs }));
  expect(ofSlabs(bins)).toEqual(ofSlabs(snapshot.bins));
  expect(
    large
      .filter(({ curlextents }) => curlextents > 0)
      .map((row) => ({ size: row.size, count: row.curlextents })),
  ).toEqual(snapshot.large.filter(({ count }) => count > 0).map(({ size, count }) => ({ size, count })));
  // The snapshot's other totals are a 64-bit server's, and without what the lab's own tables take.
  const { allocated, active, retained } = snapshot.memory;
  expect(totals).toMatchObject({ allocated, active, retained });
}

describe.each(VERSIONS)('build %s', (build) => {
  test.each(FORMS)('says what the snapshot says, and asking changes nothing: $form', (form) =>
    withEngine({ ...form, build }, async (engine) => {
      await expectToAgree(engine);
      await engine.replay(chunkOf(traffic()));
      const before = await engine.survey(0);
      await expectToAgree(engine);
      await expectToAgree(engine);
      expect(await engine.survey(0)).toEqual(before);
    }),
  );
});
