import { expect } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import { run } from '#slablab/src/run/run.js';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import { parseSettings, type Workload } from '#slablab/workloads/index.js';

/** A workload on the real allocator, which has agreed with the ledger at every phase. */
export async function onJemalloc(
  workload: Workload,
  settings: readonly string[],
  build = 'q3',
): Promise<RunResult> {
  const source = workloadSource(workload, parseSettings(workload.parameters, settings));
  const engine = await openEngine({ build, conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const { result, failure } = await run(source, engine, { conf: '', hooks: 'complete', sweepEvery: 0 });
    expect(failure).toBeNull();
    for (const { drainprof } of result.phases) expect(drainprof.reconciled).toBe(true);
    return result;
  } finally {
    await engine.close();
  }
}
