/** The native twin under AddressSanitizer and UndefinedBehaviorSanitizer: random streams, and every hook placement. */
import { expect, test } from 'vitest';
import { HOOK_MODES } from '#slablab/src/engine/index.js';
import { open, VERSIONS } from '../engine/streams.js';
import { RandomStream } from '../fuzz/random-stream.js';
import { Reference } from '../fuzz/reference.js';
import { printedSeed } from '../support/seed.js';

const SEED = printedSeed('sanitizers');

const CASES = [
  ...HOOK_MODES.map((hooks) => ({ hooks, conf: '' })),
  { hooks: 'complete', conf: 'tcache:false,retain:false' },
  { hooks: 'complete', conf: 'dirty_decay_ms:0,muzzy_decay_ms:0,narenas:2' },
] as const;

const EVERY_CASE = VERSIONS.flatMap((build) => CASES.map((given) => ({ build, ...given })));

test.each(EVERY_CASE)('$build, hooks $hooks, conf "$conf"', async ({ build, hooks, conf }) => {
  const engine = await open({ build, conf, hooks, regions: true, variant: '-asan' });
  const stream = new RandomStream({ seed: SEED, threads: 4, liveTarget: 10_000 }, new Reference(engine.info));
  for (let sweep = 0; sweep < 3; sweep++) {
    for (const chunk of stream.write(50_000)) await engine.replay(chunk);
    expect((await engine.survey(sweep)).drainprof.reconciled).toBe(true);
  }
  await engine.close();
});
