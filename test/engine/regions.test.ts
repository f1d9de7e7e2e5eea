/** Each single region of each slab: which are live, after every single operation, as a naive model has it. */
import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { type Engine, EXTENT_STATES, REGION_STATES, type Snapshot } from '#slablab/src/engine/index.js';
import { regionColumns } from '#slablab/src/engine/regions.js';
import { Kind } from '#slablab/src/stream/index.js';
import { expectPagesAddUp, expectRegionsAddUp } from '../support/columns.js';
import { granulesOf } from '../support/granules.js';
import { printedSeed } from '../support/seed.js';
import { chunkOf, VERSIONS, withEngine } from './streams.js';

const SEED = printedSeed('regions');
const LIVE = REGION_STATES.indexOf('live');

/** `page:number` of each live region. */
function liveRegions({ granules, regions }: Snapshot): Set<string> {
  const { first, states } = regions!;
  const live = new Set<string>();
  for (let row = 0; row < granules.count; row++) {
    for (let at = first[row]!; at < first[row + 1]!; at++) {
      if (states[at] === LIVE) live.add(`${granules.page[row]}:${at - first[row]!}`);
    }
  }
  return live;
}

function without(regions: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...regions].filter((region) => !others.has(region)));
}

/** The regions that the model believes to be live: by handle, and those that jemalloc has for itself. */
class Model {
  readonly #regionOf = new Map<number, string>();
  #own = new Set<string>();

  /** What a thread takes for itself when it starts is nobody's handle. */
  startedThread(live: ReadonlySet<string>): void {
    this.#own = without(live, new Set(this.#regionOf.values()));
  }

  get handles(): number[] {
    return [...this.#regionOf.keys()];
  }

  free(handle: number): void {
    this.#regionOf.delete(handle);
  }

  /** The one region that is live and that the model does not know is the handle's. */
  allocated(handle: number, live: ReadonlySet<string>, page: number): void {
    const unknown = [...without(live, this.live)];
    expect([handle, unknown.length]).toEqual([handle, 1]);
    expect(unknown[0]!.startsWith(`${page}:`)).toBe(true);
    this.#regionOf.set(handle, unknown[0]!);
  }

  get live(): Set<string> {
    return new Set([...this.#own, ...this.#regionOf.values()]);
  }
}

const CONFIGURATIONS = ['', 'tcache:false', 'dirty_decay_ms:0,narenas:2'];
const CASES = VERSIONS.flatMap((build) => CONFIGURATIONS.map((conf) => ({ build, conf })));

test.each(CASES)('$build, conf "$conf": free and allocate', async ({ build, conf }) => {
  await withEngine({ build, conf, regions: true }, async (engine) => {
    const random = new Random(SEED);
    const model = new Model();
    const survey = async () => {
      const snapshot = await engine.survey(0);
      expectRegionsAddUp(snapshot);
      expectPagesAddUp(snapshot, engine.info);
      return liveRegions(snapshot);
    };
    // A thread has what it needs after its first allocation.
    const startThread = async (thread: number) => {
      await engine.replay(
        chunkOf([
          [Kind.thread, 0, thread],
          [Kind.malloc, 9999, 8],
          [Kind.free, 9999],
        ]),
      );
      model.startedThread(await survey());
    };
    await startThread(0);
    for (let step = 0; step < 500; step++) {
      if (step % 100 === 99) await startThread(1 + random.below(3));
      const { handles } = model;
      const size = random.below(20) === 0 ? 1 + random.below(100_000) : 8 * (1 + random.below(200));
      const isFree = handles.length > 0 && random.below(100) < (step < 300 ? 30 : 70);
      const handle = isFree ? handles[random.below(handles.length)]! : step;
      await engine.replay(chunkOf([isFree ? [Kind.free, handle] : [Kind.malloc, handle, size]]));
      const live = await survey();
      if (isFree) model.free(handle);
      else model.allocated(handle, live, (await engine.locate())[handle]!);
      expect(live).toEqual(model.live);
    }
  });
});

describe.each(VERSIONS)('%s: extents that nobody has', (build) => {
  const sum = async (engine: Engine) => {
    const snapshot = await engine.survey(0);
    expectPagesAddUp(snapshot, engine.info);
    return snapshot;
  };

  test('are dirty, then muzzy, then retained, and the same pages', async () => {
    await withEngine({ build, conf: 'dirty_decay_ms:1000,muzzy_decay_ms:1000' }, async (engine) => {
      const big = 3 << 20;
      await engine.replay(
        chunkOf([
          [Kind.malloc, 0, big],
          [Kind.malloc, 1, big],
          [Kind.malloc, 2, 20_000],
        ]),
      );
      const [page] = await engine.locate();
      await engine.replay(chunkOf([[Kind.free, 0]]));
      const states = new Set<string>();
      for (let step = 0; step < 40; step++) {
        const { unused } = await sum(engine);
        const row = unused.page.findIndex((first, r) => first <= page! && page! < first + unused.pages[r]!);
        states.add(EXTENT_STATES[unused.state[row]!]!);
        await engine.replay(chunkOf([[Kind.advance, 0, 100], [Kind.decay]]));
      }
      expect([...states]).toEqual(['dirty', 'muzzy', 'retained']);
    });
  });

  test('none of an engine that has nothing, none left where nothing is retained', async () => {
    await withEngine({ build, conf: 'retain:false,dirty_decay_ms:0,muzzy_decay_ms:0' }, async (engine) => {
      await engine.replay(
        chunkOf([
          [Kind.malloc, 0, 1 << 22],
          [Kind.malloc, 1, 1 << 21],
          [Kind.free, 0],
        ]),
      );
      expect((await sum(engine)).unused.count).toBe(0);
    });
  });

  test('regions are null unless they are asked for', async () => {
    await withEngine({ build }, async (engine) => expect((await engine.survey(0)).regions).toBeNull());
  });
});

test('a region that is in tcaches twice, or free and in one, is a disagreement', () => {
  const granules = granulesOf([[0, 1, 1, 0]]);
  const info = { smallClasses: 1, regionsPerSlab: [2] };
  const twice = { regions: new Uint8Array([2, 2]), parked: new Uint32Array([0, 1, 0, 1]) };
  expect(() => regionColumns(granules, twice, info)).toThrow(
    'a tcache holds region 1 of the slab at page 0, which is parked',
  );
  const free = { regions: new Uint8Array([2, 0]), parked: new Uint32Array([0, 1]) };
  expect(() => regionColumns(granules, free, info)).toThrow('which is free');
});
