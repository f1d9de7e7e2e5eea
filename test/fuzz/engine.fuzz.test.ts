/**
 * Random streams through WebAssembly and through the native twin: every sweep reconciles (or the engine
 * rejects), both give the same snapshots, and what is live is what a naive model says.
 *
 * SLABLAB_FUZZ_OPERATIONS changes the size, TEST_SEED the seed; `make fuzz` runs a long one.
 */
import { describe, expect, test } from 'vitest';
import type { Engine, Snapshot } from '#slablab/src/engine/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { expectPagesAddUp, expectRegionsAddUp } from '../support/columns.js';
import { printedSeed } from '../support/seed.js';
import { RandomStream } from './random-stream.js';
import { isOwn, liveBySize, Reference } from './reference.js';

const OPERATIONS = Number(process.env.SLABLAB_FUZZ_OPERATIONS ?? 20_000_000);
const SEED = printedSeed('engine fuzz');
const SWEEPS = 20;
/** Regions for the 8-byte tickers that 5.2.1 holds for each thread: for 16 automatic arenas, or one, and the huge one. */
const TICKERS = { 16: 160, 1: 16 };

const CASES = [
  { build: 'q3', conf: '', threads: 1 },
  { build: 'q3', conf: '', threads: 5 },
  { build: 'q4', conf: '', threads: 4 },
  { build: 'q3', conf: 'tcache:false', threads: 2 },
  { build: 'q3', conf: 'narenas:1,tcache_max:1024,dirty_decay_ms:1000,muzzy_decay_ms:0', threads: 3 },
  { build: 'q4', conf: 'dirty_decay_ms:0,muzzy_decay_ms:0', threads: 2 },
  { build: 'q3', conf: 'dirty_decay_ms:500,muzzy_decay_ms:500,tcache_max:65536', threads: 3 },
  { build: 'q3', conf: 'retain:false,lg_extent_max_active_fit:0', threads: 2 },
  { build: 'q3-5.2.1', conf: '', threads: 1 },
  { build: 'q3-5.2.1', conf: '', threads: 5 },
  { build: 'q3-5.2.1', conf: 'tcache:false,dirty_decay_ms:0', threads: 2 },
  { build: 'q3-5.2.1', conf: 'narenas:1,lg_tcache_max:16,dirty_decay_ms:500,muzzy_decay_ms:500', threads: 3 },
  { build: 'q3-5.2.1', conf: 'retain:false,lg_extent_max_active_fit:0', threads: 2 },
];

describe(`fuzz of ${OPERATIONS} operations`, () => {
  test.each(CASES)('$build with $threads threads, conf "$conf"', async ({ build, conf, threads }) => {
    const boot = { build, conf, hooks: 'complete', regions: true } as const;
    const engines = [
      await openEngine({ ...boot, runtime: 'wasm' }),
      await openEngine({ ...boot, runtime: 'native' }),
    ];
    const [{ info }] = engines as [Engine];
    const atBoot = liveBySize(await engines[0]!.survey(0), info);
    const tickers =
      info.jemallocVersion === '5.2.1' ? TICKERS[conf.includes('narenas:1') ? 1 : 16] : undefined;
    const operations = Math.ceil(OPERATIONS / CASES.length);
    const stream = new RandomStream({ seed: SEED, threads, liveTarget: 40_000 }, new Reference(info));
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      for (const chunk of stream.write(Math.ceil(operations / SWEEPS))) {
        await Promise.all(engines.map((engine) => engine.replay(chunk)));
      }
      const [wasm, native] = (await Promise.all(engines.map((engine) => engine.survey(sweep)))) as [
        Snapshot,
        Snapshot,
      ];
      expect(wasm.drainprof.reconciled).toBe(true);
      expectPagesAddUp(wasm, info);
      expectRegionsAddUp(wasm);
      const unknown = stream.reference.unknownAmong(liveBySize(wasm, info));
      expect([unknown, isOwn(unknown, atBoot, stream.livingThreads, tickers)]).toEqual([unknown, true]);
      expect(native).toEqual(wasm);
      expect(wasm.defrag!.hits).toBeGreaterThan(sweep === SWEEPS - 1 ? 0 : -1);
    }
    await Promise.all(engines.map((engine) => engine.close()));
  });
});
