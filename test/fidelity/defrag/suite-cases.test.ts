/** The servers' own suites ask of active defragmentation what the lab's must do as well. */
import { expect, test } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import { Operator } from '#slablab/src/remedy/operator.js';
import { commandSource } from '#slablab/src/run/command-source.js';
import type { PhaseResult } from '#slablab/src/run/index.js';
import { run } from '#slablab/src/run/run.js';
import { commandsOf } from '../streams.js';
import { SUITE_CASES, type SuiteCase } from './suite-cases.js';

const MAX_MS = 50_000;

const runs = SUITE_CASES.flatMap((one) => one.servers.map((server) => ({ server, name: one.name, one })));

test.each(runs)('$server: $name', async ({ one, server }) => {
  const [populated, fragmented, rested] = await phasesOf(one, server);
  const ratio = (phase: PhaseResult | undefined) => fragmentation(phase!);
  if (one.populated !== undefined) expect(ratio(populated)).toBeLessThan(one.populated);
  expect(ratio(fragmented)).toBeGreaterThan(one.fragmented);
  expect(rested!.defrag!.isBelowThresholds).toBe(true);
  expect(ratio(rested)).toBeLessThanOrEqual(one.rested);
  if (one.misses !== undefined) expect(rested!.defrag!.misses).toBeLessThan(one.misses);
});

/** `allocator_frag_ratio` as these servers write it: 1 and the share of free regions in slabs, as the defragger has it. */
function fragmentation({ bins, memory, defrag }: PhaseResult): number {
  if (defrag !== undefined) return 1 + defrag.fragmentationPercent / 100;
  const holes = bins.reduce(
    (sum, { size, regs, curslabs, curregs }) => sum + (regs * curslabs - curregs) * size,
    0,
  );
  return 1 + holes / memory.allocated;
}

/** The suites wait so long for a server to stop. */
async function phasesOf({ name, settings, populate, fragment }: SuiteCase, server: string) {
  const source = commandSource({
    name,
    server,
    settings,
    commands: () => commandsOf({ name, summary: name, steps: populate }),
    continuation: {
      phases: ['fragmented', 'rested'],
      *run(redis, writer, survey) {
        const operator = new Operator(redis, writer);
        const client = operator.connect();
        for (const words of fragment()) yield* operator.send(client, ...(words as readonly string[]));
        survey();
        yield* operator.once('CONFIG', 'SET', 'activedefrag', 'yes');
        yield* redis.defragment(MAX_MS);
        survey();
      },
    },
  });
  const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const { result, failure } = await run(source, engine, { conf: '', hooks: 'complete', sweepEvery: 0 });
    if (failure !== null) throw failure;
    return result.phases;
  } finally {
    await engine.close();
    await source.close();
  }
}
