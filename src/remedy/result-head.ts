import type { RunResult } from '../run/index.js';

/** What a result repeats of the run that it is about: the traffic, and the allocator that carried it out. */
export type ResultHead = Pick<
  RunResult,
  'workload' | 'server' | 'build' | 'jemalloc' | 'conf' | 'hooks' | 'runtime'
>;

/** Returns the head of a run's result, without the rest of it. */
export function headOf({ workload, server, build, jemalloc, conf, hooks, runtime }: ResultHead): ResultHead {
  return { workload, server, build, jemalloc, conf, hooks, runtime };
}
