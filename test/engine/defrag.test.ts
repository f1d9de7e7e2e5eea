/** Active defragmentation in the engine: each decision beside the rules in their plain form, and the gate. */
import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { type Engine, StreamError } from '#slablab/src/engine/index.js';
import { DEFRAG_FAMILIES, type DefragFamily, Kind, OpWriter } from '#slablab/src/stream/index.js';
import { printedSeed } from '../support/seed.js';
import { NaiveDefrag } from './naive-defrag.js';
import { chunkOf, open, VERSIONS } from './streams.js';

const SEED = printedSeed('decisions of active defragmentation');
/** Requested sizes with few, some and many regions in a slab. */
const SIZES = [1000, 3000, 200, 24];
const STEPS = 300;

/** An engine with a defragger that runs from the first fragmentation on, and its stream. */
class Bench {
  readonly writer = new OpWriter();
  readonly #live: number[] = [];

  private constructor(
    readonly engine: Engine,
    readonly size: number,
    family: DefragFamily,
  ) {
    const { writer } = this;
    writer.defragSet('family', DEFRAG_FAMILIES.indexOf(family));
    for (const name of ['smallBins', 'ignoreBytes', 'enabled'] as const) writer.defragSet(name, 1);
    writer.defragSet('cycleMin', 10);
    writer.defragSet('cycleMax', 20);
    writer.defragSet('thresholdUpper', 100);
  }

  static async open(build: string, size: number, family: DefragFamily): Promise<Bench> {
    const boot = { build, conf: 'tcache:false', hooks: 'complete', worker: false, runtime: 'wasm' } as const;
    return new Bench(await open(boot), size, family);
  }

  get live(): readonly number[] {
    return this.#live;
  }

  /** Allocates regions, and returns the slab of the last. */
  async allocate(count = 1): Promise<number> {
    for (let left = count; left > 0; left--) this.#live.push(this.writer.malloc(this.size));
    await this.replay();
    return this.slabOf(this.#live.at(-1)!);
  }

  async free(at: number): Promise<void> {
    const [handle] = this.#live.splice(at, 1) as [number];
    this.writer.free(handle);
    await this.replay();
  }

  /** Begins or ends a pass, and returns whether the defragger then runs. */
  async pass(begins: boolean): Promise<boolean> {
    this.writer.defragPass(begins);
    await this.replay();
    return (await this.engine.survey(0)).defrag!.effort > 0;
  }

  /** Tries a region and returns whether it moved. */
  async try(handle: number): Promise<boolean> {
    const before = await this.hits();
    this.writer.defragTry(handle, 0, 0);
    await this.replay();
    return (await this.hits()) > before;
  }

  async hits(): Promise<number> {
    return (await this.engine.survey(0)).defrag!.hits;
  }

  /** The slabs of the size class, by their first pages. The lab's own start-up has none of it. */
  async slabs(): Promise<Map<number, number>> {
    const { granules } = await this.engine.survey(0);
    const used = new Map<number, number>();
    const sizeClass = this.engine.info.sizeClasses.findIndex((size) => size >= this.size);
    for (let row = 0; row < granules.count; row++) {
      if (granules.sizeClass[row] !== sizeClass) continue;
      used.set(granules.page[row]!, granules.live[row]! + granules.parked[row]!);
    }
    return used;
  }

  async slabOf(handle: number): Promise<number> {
    const pages = await this.engine.locate();
    const page = pages[handle]!;
    return [...(await this.slabs()).keys()].find((first) => first === page)!;
  }

  async replay(): Promise<void> {
    for (const chunk of this.writer.takeAll()) await this.engine.replay(chunk);
  }
}

/** Runs a random sequence beside the naive rules. Returns the decisions in which they differ. */
async function differences(
  build: string,
  size: number,
  family: DefragFamily,
  ofRules = family,
): Promise<string[]> {
  const random = new Random(SEED);
  const bench = await Bench.open(build, size, family);
  const { info } = bench.engine;
  const sizeClass = info.sizeClasses.findIndex((bytes) => bytes >= size);
  const naive = new NaiveDefrag(ofRules, info.regionsPerSlab[sizeClass]!);
  const found: string[] = [];
  const fill = naive.regions * 3 + 2;
  naive.allocated(await bench.allocate(fill));
  // Without any fragmentation, a pass does not begin.
  let runs = false;
  for (let step = 0; step < STEPS; step++) {
    const draw = random.below(10);
    const at = random.below(bench.live.length);
    if (draw === 0 && bench.live.length < fill * 2) {
      naive.allocated(await bench.allocate());
      continue;
    }
    const slabs = await bench.slabs();
    const handle = bench.live[at]!;
    const slab = await bench.slabOf(handle);
    if (draw < 5 && bench.live.length > naive.regions) {
      await bench.free(at);
      naive.freed(slab, slabs.get(slab)!);
      continue;
    }
    if (draw < 6 || step < 10) {
      runs = await bench.pass(true);
      naive.refresh(slabs);
      continue;
    }
    const expected = runs && naive.moves(slabs, slab);
    const moved = await bench.try(handle);
    if (moved !== expected)
      found.push(`step ${step}: slab of ${slabs.get(slab)} of ${naive.regions}: ${moved}`);
    if (!moved) continue;
    const target = await bench.slabOf(handle);
    naive.allocated(target);
    naive.freed(slab, slabs.get(slab)! + (target === slab ? 1 : 0));
  }
  const { defrag, drainprof } = await bench.engine.survey(0);
  expect(drainprof.reconciled).toBe(true);
  expect(defrag!.hits + defrag!.misses).toBeGreaterThan(50);
  await bench.engine.close();
  return found;
}

describe.each(VERSIONS)('%s', (build) => {
  describe.each(DEFRAG_FAMILIES)('%s', (family) => {
    test.each(SIZES)('decisions on regions of %s bytes are those of the rules', async (size) => {
      expect(await differences(build, size, family)).toEqual([]);
    });
  });
});

test('moves that a server would not make are found, and so are moves that it would make', async () => {
  const wrong = await differences('q3', 200, 'hint', 'query');
  expect(wrong.some((line) => line.endsWith('true'))).toBe(true);
  const missing = await differences('q3', 200, 'query', 'hint');
  expect(missing.some((line) => line.endsWith('false'))).toBe(true);
});

test('below its thresholds the defragger moves and allocates nothing, and handles keep their regions', async () => {
  const bench = await Bench.open('q3', 1000, 'hint');
  bench.writer.defragSet('ignoreBytes', 2 ** 40);
  await bench.allocate(9);
  for (const at of [0, 1, 2]) await bench.free(at);
  await bench.pass(true);
  const own = bench.writer.defragMalloc(48);
  for (const handle of bench.live) expect(await bench.try(handle)).toBe(false);
  const { defrag, memory } = await bench.engine.survey(0);
  expect([defrag!.hits, defrag!.misses, defrag!.effort]).toEqual([0, 0, 0]);
  bench.writer.defragFree(own);
  await bench.pass(false);
  expect((await bench.engine.survey(0)).memory).toEqual(memory);
  await bench.engine.close();
});

test('effort follows fragmentation between the thresholds', async () => {
  const bench = await Bench.open('q3', 1000, 'hint');
  bench.writer.defragSet('thresholdUpper', 1000);
  await bench.allocate(200);
  const efforts: number[] = [];
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < bench.live.length; at++) await bench.free(at);
    await bench.pass(true);
    const { defrag } = await bench.engine.survey(0);
    const expected = Math.min(20, Math.floor(10 + (defrag!.fragmentationPercent * 10) / 1000));
    expect(defrag!.effort).toBe(expected);
    efforts.push(defrag!.effort);
  }
  expect(efforts[0]).toBeLessThan(efforts[2]!);
  await bench.engine.close();
});

test('the engine refuses settings, values and passes that the defragger does not have', async () => {
  const bench = await Bench.open('q3', 1000, 'hint');
  await bench.replay();
  const position = bench.writer.position;
  for (const words of [
    [Kind.defragSet, 99, 1],
    [Kind.defragSet, 0, DEFRAG_FAMILIES.length],
    [Kind.defragPass, 0, 2],
  ] as const) {
    await expect(bench.engine.replay(chunkOf([words], position))).rejects.toThrow(StreamError);
  }
  await expect(bench.engine.replay(chunkOf([[Kind.defragTry, 7, 0]], position))).rejects.toThrow(
    /the handle is not allocated/,
  );
  await bench.engine.close();
});
