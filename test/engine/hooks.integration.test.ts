/** The article's journey: what each placement of hooks believes, beside what is there. */
import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { HOOK_MODES, type HookAccounting, type HookMode } from '#slablab/src/engine/index.js';
import { Kind } from '#slablab/src/stream/index.js';
import {
  chunkOf,
  FORMS,
  FORMS_AND_SANITIZED,
  type TestOptions,
  VERSIONS,
  type Words,
  withEngine,
} from './streams.js';

const REGIONS = 20_000;

/** Fill, then churn at random, then free half: enough for every path of malloc and free to be taken. */
function churn(): Words[] {
  const random = new Random(7);
  const out: Words[] = [];
  for (let h = 0; h < REGIONS; h++) out.push([Kind.malloc, h, 1 + random.below(6000)]);
  for (let i = 0; i < 2 * REGIONS; i++) {
    const h = random.below(REGIONS);
    out.push([Kind.free, h], [i % 3 ? Kind.malloc : Kind.calloc, h, 1 + random.below(6000)]);
  }
  for (let h = 0; h < REGIONS; h += 2) out.push([Kind.free, h]);
  return out;
}

async function accounting(options: TestOptions): Promise<HookAccounting> {
  return withEngine(options, async (engine) => {
    await engine.replay(chunkOf(churn()));
    return (await engine.survey(0)).hookAccounting;
  });
}

describe.each(VERSIONS)('%s', (build) => {
  const journey = (hooks: HookMode, form: (typeof FORMS_AND_SANITIZED)[number]) =>
    accounting({ ...form, hooks, build });

  test('complete hooks register every region once, and see every slab', async () => {
    const { registrations, deregistrations, slabsSeen, slabsThere, liveBelieved, liveThere } = await journey(
      'complete',
      FORMS[0],
    );
    // jemalloc allocates from itself: the stack of the tcache, and 5.2.1 the thread's tickers of decay.
    const own = build === 'q3' ? 1 : 2;
    expect(registrations).toBe(3 * REGIONS + own);
    expect(deregistrations).toBe(2 * REGIONS + REGIONS / 2);
    expect(liveBelieved).toBe(REGIONS / 2 + own);
    expect(liveThere).toBe(liveBelieved);
    // Slabs that were opened and only ever filled a tcache have no registration yet.
    expect(slabsSeen).toBeLessThanOrEqual(slabsThere);
    expect(slabsSeen).toBeGreaterThan(slabsThere - 40);
  });

  test('hooks in the arena miss what tcaches serve', async () => {
    const { registrations, slabsSeen, slabsThere } = await journey('extent', FORMS[0]);
    expect(registrations).toBeLessThan(REGIONS / 10);
    expect(slabsSeen).toBeLessThan(slabsThere / 10);
  });

  test('hooks at refill and flush count what tcaches hold as live', async () => {
    const { liveBelieved, liveThere } = await journey('refill', FORMS[0]);
    expect(liveBelieved).not.toBe(liveThere);
  });

  test('refill on one side and free_fastpath on the other deregisters what was never registered', async () => {
    const { registrations, deregistrations, liveBelieved, liveThere } = await journey('asymmetric', FORMS[0]);
    expect(deregistrations).toBeGreaterThan(registrations);
    expect(liveBelieved).toBeLessThan(0);
    expect(liveThere).toBeGreaterThan(0);
  });

  test('hooks on the fast paths alone lose what leaves them', async () => {
    const complete = await journey('complete', FORMS[0]);
    const fastpath = await journey('fastpath', FORMS[0]);
    expect(fastpath.registrations).toBeLessThan(complete.registrations);
    expect(fastpath.deregistrations).toBeLessThan(complete.deregistrations);
    expect(fastpath.liveBelieved).not.toBe(fastpath.liveThere);
  });

  test.each(HOOK_MODES)('%s believes the same in every form', async (hooks) => {
    const [wasm, ...others] = await Promise.all(FORMS_AND_SANITIZED.map((form) => journey(hooks, form)));
    for (const other of others) expect(other).toEqual(wasm);
  });
});
