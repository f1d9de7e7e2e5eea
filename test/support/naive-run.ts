import type { Snapshot } from '#slablab/src/engine/snapshot.js';
import { contentsByClass } from '#slablab/src/run/class-contents.js';
import { type RunOptions, type RunOutcome, run } from '#slablab/src/run/run.js';
import { workloadSource } from '#slablab/src/run/workload-source.js';
import { findWorkload, parseSettings } from '#slablab/workloads/index.js';
import { NaiveEngine, type NaiveOptions } from './naive-engine.js';

export interface NaiveRun extends RunOutcome {
  readonly engine: NaiveEngine;
  readonly contents: Map<number, string[]>;
  /** Snapshots by phase. */
  readonly maps: Map<string, Snapshot>;
}

/** scattered-delete with some settings on the naive engine. */
export async function naiveRun(
  settings: readonly string[],
  options: Partial<RunOptions> = {},
  engineOptions: NaiveOptions = {},
): Promise<NaiveRun> {
  const workload = findWorkload('scattered-delete');
  const source = workloadSource(workload, parseSettings(workload.parameters, settings));
  const engine = new NaiveEngine(engineOptions);
  const maps = new Map<string, Snapshot>();
  const onSnapshot = (phase: string, snapshot: Snapshot) => maps.set(phase, snapshot);
  const outcome = await run(source, engine, {
    conf: '',
    hooks: 'complete',
    sweepEvery: 0,
    onSnapshot,
    ...options,
  });
  return { ...outcome, engine, contents: contentsByClass(source.contents, engine.info), maps };
}
