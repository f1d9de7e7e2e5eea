import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { type BootError, buffersOf, type Snapshot } from '#slablab/src/engine/index.js';
import { NativePort } from '#slablab/src/engine/native-port.js';
import { builds, nativeTwin } from '#slablab/src/engine/node.js';
import { Kind, OpWriter } from '#slablab/src/stream/index.js';
import {
  chunkOf,
  FORMS,
  FORMS_AND_SANITIZED,
  open,
  rejection,
  VERSIONS,
  type Words,
  withEngine,
} from './streams.js';

function someTraffic(): Words[] {
  const random = new Random(42);
  const out: Words[] = [];
  for (let h = 0; h < 30_000; h++) {
    if (h % 5000 === 0) out.push([Kind.thread, 0, h / 5000]);
    out.push([Kind.malloc, h, 1 + random.below(3000)]);
  }
  out.push([Kind.mark], [Kind.sweep, 0, 0]);
  for (let h = 0; h < 30_000; h++) if (random.below(3) > 0) out.push([Kind.free, h]);
  out.push([Kind.advance, 0, 60_000], [Kind.decay], [Kind.sweep, 0, 1]);
  return out;
}

describe.each(['q3', 'q4', 'q3-5.2.1', 'q3-p14', 'q3-p16'])('build %s', (build) => {
  test('gives the same snapshots in every form, twice in a row', async () => {
    const results: unknown[] = [];
    for (const form of [...FORMS, FORMS[0]]) {
      await withEngine({ ...form, build, regions: true }, async (engine) => {
        const snapshots = await engine.replay(chunkOf(someTraffic()));
        results.push({ info: engine.info, snapshots });
      });
    }
    expect(results[0]).toMatchObject({ info: { build }, snapshots: [{ phase: 0 }, { phase: 1 }] });
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });
});

test.each(FORMS)(
  'a chunk that is handed over is replayed, and its memory is the next one’s: $form',
  async (form) => {
    await withEngine({ ...form, build: 'q3' }, async (engine) => {
      const writer = new OpWriter();
      for (let count = 0; count < 3; count++) {
        for (let region = 0; region < 1000; region++) writer.malloc(100 + count);
        for (const chunk of writer.takeAll()) await engine.replay(chunk, true);
      }
      const { bins } = await engine.survey(0);
      expect(bins.find(({ size }) => size === 112)?.live).toBe(3000);
    });
  },
);

test.each(FORMS)('a snapshot that is given back is not seen in the ones after it: $form', async (form) => {
  const snapshotsOf = async (givesBack: boolean) => {
    const seen: Snapshot[] = [];
    await withEngine({ ...form, build: 'q3', regions: true }, async (engine) => {
      for (const count of [90_000, 0, 5_000, 100]) {
        const words: Words[] = Array.from({ length: count }, (_, i) => [
          Kind.malloc,
          seen.length * 1e6 + i,
          4096,
        ]);
        if (seen.length === 2) words.push(...Array.from({ length: 90_000 }, (_, i): Words => [Kind.free, i]));
        await engine.replay(chunkOf(words));
        const snapshot = await engine.survey(seen.length);
        seen.push(structuredClone(snapshot));
        if (givesBack) engine.giveBack(snapshot);
      }
    });
    return seen;
  };
  expect(await snapshotsOf(true)).toEqual(await snapshotsOf(false));
});

test('memory of a snapshot that is given back is the next one’s', async () => {
  await withEngine({ build: 'q3' }, async (engine) => {
    await engine.replay(chunkOf(Array.from({ length: 90_000 }, (_, i) => [Kind.malloc, i, 4096])));
    const first = await engine.survey(0);
    const places = buffersOf(first).filter(({ byteLength }) => byteLength > 65_536);
    expect(places.length).toBeGreaterThan(5);
    engine.giveBack(first);
    engine.giveBack(first);
    const second = buffersOf(await engine.survey(1));
    expect(new Set(second).size).toBe(second.length);
    for (const place of places) expect(second).toContain(place);
  });
});

test('builds are what their names say', async () => {
  const steady = (await builds()).filter((build) => !build.endsWith('-5.3.1'));
  expect(steady).toEqual(['q3', 'q3-5.2.1', 'q3-p14', 'q3-p16', 'q4']);
  const info = Object.fromEntries(
    await Promise.all(
      (await builds()).map((build) => withEngine({ build }, async (engine) => [build, engine.info] as const)),
    ),
  );
  expect(info.q3).toMatchObject({
    jemallocVersion: '5.3.0',
    pageSize: 4096,
    quantum: 8,
    cacheOblivious: false,
  });
  expect(info.q4).toMatchObject({ pageSize: 4096, quantum: 16, cacheOblivious: true });
  expect(info['q3-5.2.1']).toMatchObject({
    jemallocVersion: '5.2.1',
    pageSize: 4096,
    quantum: 8,
    cacheOblivious: true,
  });
  expect(info['q3-p14']).toMatchObject({ pageSize: 16_384, quantum: 8 });
  expect(info['q3-p16']).toMatchObject({ pageSize: 65_536, quantum: 8 });
  // The 39 small bins of quantum 3, as jemalloc prints them for a Redis server.
  const { sizeClasses, smallClasses, regionsPerSlab, pagesPerSlab } = info.q3!;
  expect(smallClasses).toBe(39);
  const bin = (size: number) => sizeClasses.indexOf(size);
  const slab = (size: number) => [regionsPerSlab[bin(size)], pagesPerSlab[bin(size)]];
  expect([8, 24, 56, 320, 640, 1024].map(slab)).toEqual([
    [512, 1],
    [512, 3],
    [512, 7],
    [64, 5],
    [32, 5],
    [4, 1],
  ]);
  expect(sizeClasses[smallClasses - 1]).toBe(14_336);
  const { build: _, jemallocVersion, cacheOblivious, options, ...classes } = info.q3!;
  expect(info['q3-5.2.1']).toMatchObject(classes);
});

const EVERY_BOOT = VERSIONS.flatMap((build) => FORMS_AND_SANITIZED.map((form) => ({ ...form, build })));

describe.each(EVERY_BOOT)('boot of $build, $form', (form) => {
  test('refuses a configuration that jemalloc refuses, in its words', async () => {
    const error = await rejection<BootError>(open({ ...form, conf: 'dirty_decay:5' }));
    expect(error.name).toBe('BootError');
    expect(error.message).toMatch(/conf 'dirty_decay:5': jemalloc says "Invalid conf pair: dirty_decay:5"/);
    expect(error.message).toMatch(/did you mean 'dirty_decay_ms'/);
  });

  test.each([
    ['dirty_decay_ms=5', /write 'dirty_decay_ms=5' as 'dirty_decay_ms:value'/],
    ['narenas:lots', /Invalid conf value: narenas:lots/],
    ['tcache:false,', /Conf string ends with comma/],
    ['thp:always', /No THP support: thp:always/],
  ])('explains %s', async (conf, message) => {
    expect((await rejection<BootError>(open({ ...form, conf }))).message).toMatch(message);
  });

  test('refuses an option that this build cannot honour', async () => {
    const error = await rejection<BootError>(open({ ...form, conf: 'background_thread:true' }));
    expect(error.message).toMatch(/background_thread/);
  });

  test('refuses an unknown build by name', async () => {
    const error = await rejection<BootError>(open({ ...form, build: 'q5' }));
    expect(error.message).toBe(
      "there is no build 'q5'; builds are q3, q4, q3-5.2.1, q4-5.3.1, q3-5.3.1, q3-p14, q3-p16",
    );
  });

  test('takes a configuration and obeys it', async () => {
    const parked = async (conf: string) =>
      withEngine({ ...form, conf }, async (engine) => {
        await engine.replay(chunkOf([...Array(100).keys()].map((h) => [Kind.malloc, h, 64])));
        await engine.replay(chunkOf([...Array(100).keys()].map((h) => [Kind.free, h])));
        return (await engine.survey(0)).drainprof.parked;
      });
    expect(await parked('')).toBeGreaterThan(0);
    expect(await parked('tcache:false')).toBe(0);
  });
});

test.each(FORMS_AND_SANITIZED)(
  '$form says what jemalloc runs with, and refuses what it would take for something else',
  async (form) => {
    const options = (conf: string) => withEngine({ ...form, conf }, async ({ info }) => info.options);
    const defaults = await options('');
    expect(defaults).toMatchObject({
      narenas: '16',
      tcache_max: '32768',
      dirty_decay_ms: '10000',
      metadata_thp: 'disabled',
    });
    expect(await options('lg_tcache_max:10,dirty_decay_ms:-1,narenas:0x2,narenas:010')).toEqual({
      ...defaults,
      tcache_max: '1024',
      dirty_decay_ms: '-1',
      narenas: '8',
    });
    expect(await options('narenas:default')).toEqual(defaults);
    for (const [conf, taken] of [
      ['tcache_max:99999999999', 'tcache_max:8388608'],
      ['lg_tcache_max:40', 'lg_tcache_max:23'],
      ['oversize_threshold:1000', 'oversize_threshold:0'],
      ['tcache_nslots_small_max:100000', 'tcache_nslots_small_max:2048'],
    ]) {
      const { name, message } = await rejection<BootError>(
        open({ ...form, conf: `dirty_decay_ms:5,${conf}` }),
      );
      expect({ name, message }).toEqual({
        name: 'BootError',
        message: `conf 'dirty_decay_ms:5,${conf}': jemalloc takes \`${conf}\` for \`${taken}\`, without a word; write that if it is meant`,
      });
    }
  },
);

test('5.2.1 says as well what it runs with, of what it has', async () => {
  await withEngine({ build: 'q3-5.2.1', conf: 'lg_tcache_max:10' }, async ({ info: { options } }) => {
    expect(options).toMatchObject({ lg_tcache_max: '10', oversize_threshold: '8388608' });
    expect(options).not.toHaveProperty('tcache_max');
  });
  const { message } = await rejection<BootError>(
    open({ build: 'q3-5.2.1', conf: 'oversize_threshold:1000' }),
  );
  expect(message).toContain('takes `oversize_threshold:1000` for `oversize_threshold:0`');
});

test('an option that came with 5.3.0 is refused by 5.2.1, with what it had instead', async () => {
  const error = await rejection<BootError>(open({ build: 'q3-5.2.1', conf: 'tcache_max:1024' }));
  expect(error.message).toBe(
    `conf 'tcache_max:1024': jemalloc says "Invalid conf pair: tcache_max:1024"; ` +
      "there is no option 'tcache_max' in jemalloc 5.2.1, only since 5.3.0, did you mean 'lg_tcache_max'?",
  );
});

test.each(VERSIONS)('%s: decay follows the virtual clock and nothing else', async (build) => {
  await withEngine({ build }, async (engine) => {
    const big: Words[] = Array.from({ length: 200 }, (_, h) => [Kind.malloc, h, 1_000_000]);
    // Every other one stays, since free neighbours merge, and jemalloc purges 8 MiB and more at once.
    const odd = big.filter(([, h]) => h! % 2 === 1);
    await engine.replay(chunkOf([...big, ...odd.map(([, h]): Words => [Kind.free, h!])]));
    const dirty = (await engine.survey(0)).memory.dirty;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await engine.replay(chunkOf([[Kind.decay]]));
    expect((await engine.survey(0)).memory.dirty).toBe(dirty);
    expect(dirty).toBeGreaterThan(100e6);
    // The default decay time is 10 s, counted from the first tick that sees the dirty pages: after half of it
    // about half is still there, after all of it nothing.
    await engine.replay(
      chunkOf([[Kind.advance, 0, 200], [Kind.decay], [Kind.advance, 0, 4800], [Kind.decay]]),
    );
    const half = (await engine.survey(0)).memory.dirty;
    expect(half).toBeLessThan(dirty);
    expect(half).toBeGreaterThan(dirty / 4);
    await engine.replay(chunkOf([[Kind.advance, 0, 6000], [Kind.decay]]));
    const { memory, virtualMs } = await engine.survey(0);
    expect(memory.dirty).toBe(0);
    expect(memory.retained).toBeGreaterThan(100e6);
    expect(virtualMs).toBe(11_000);
  });
});

test.each(VERSIONS)('%s: purge gives back what is dirty, and a tcache keeps what it holds', async (build) => {
  await withEngine({ build }, async (engine) => {
    const many: Words[] = Array.from({ length: 5000 }, (_, h) => [Kind.malloc, h, 1000]);
    await engine.replay(chunkOf([...many, [Kind.mark], ...many.map(([, h]): Words => [Kind.free, h!])]));
    const freed = await engine.survey(0);
    expect(freed.drainprof.parked).toBeGreaterThan(0);
    // 5.2.1 keeps a region of its own: the thread's tickers of decay.
    const own = build === 'q3' ? [] : [8];
    expect(freed.drainprof.cohortDsr).toBe(1250 / (1250 + own.length));
    await engine.replay(chunkOf([[Kind.purge]]));
    expect((await engine.survey(0)).memory.dirty).toBe(0);
    await engine.replay(chunkOf([[Kind.flushTcache], [Kind.purge]]));
    const flushed = await engine.survey(0);
    expect(flushed.drainprof.parked).toBe(0);
    // What else is left is the stack of the tcache itself, and its padding where large extents are padded.
    const { cacheOblivious, pageSize } = engine.info;
    const unused = (cacheOblivious ? pageSize : 0) + own.reduce((sum, bytes) => sum + pageSize - bytes, 0);
    expect(flushed.memory.active - flushed.memory.allocated).toBe(unused);
    expect(flushed.memory.usedMemory).toBe(0);
  });
});

test.each(VERSIONS)('%s: threads have a tcache and an arena each', async (build) => {
  await withEngine({ build }, async (engine) => {
    const allocate = (from: number): Words[] =>
      Array.from({ length: 100 }, (_, i) => [Kind.malloc, from + i, 2048]);
    await engine.replay(
      chunkOf([...allocate(0), [Kind.thread, 0, 1], ...allocate(100), [Kind.thread, 0, 2], ...allocate(200)]),
    );
    const { granules } = await engine.survey(0);
    const arenas = new Set(granules.arena);
    expect([...arenas].sort()).toEqual([0, 1, 2]);
    // The third thread frees what the first allocated: it parks in the third thread's tcache.
    const before = (await engine.survey(0)).drainprof.parked;
    await engine.replay(chunkOf([[Kind.free, 0]]));
    expect((await engine.survey(0)).drainprof.parked).toBe(before + 1);
    await engine.replay(chunkOf([[Kind.thread, 0, 0], [Kind.flushTcache]]));
    const afterFlushOfFirst = (await engine.survey(0)).drainprof.parked;
    expect(afterFlushOfFirst).toBeGreaterThan(0);
  });
});

test('metadata is what a 64-bit jemalloc says it is, within 0.2%', async () => {
  for (const build of await builds()) {
    const port = await NativePort.start(await nativeTwin(build));
    await port.boot(4, '');
    for (const [threads, sizeBytes] of [
      [1, 1000],
      [3, 100],
      [16, 20_000],
    ] as const) {
      const operations: Words[] = [];
      for (let i = 0; i < 60_000; i++) {
        if (i % 1000 === 0) operations.push([Kind.thread, 0, (i / 1000) % threads]);
        operations.push([Kind.malloc, threads * 100_000 + i, sizeBytes]);
      }
      await port.replay(chunkOf(operations), 0);
      const { totals } = await port.survey();
      const total = (name: string) => totals[port.compiled.totalFields.indexOf(name)]!;
      expect(Math.abs(total('metadata') / total('jemallocMetadata') - 1)).toBeLessThan(0.002);
    }
    await port.close();
  }
});
