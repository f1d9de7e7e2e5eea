import type { RunResult } from '../run/index.js';

/** The traffic of a run and the allocator that carried it out, which each result about the run repeats. */
export type ResultHead = Pick<
  RunResult,
  'workload' | 'server' | 'build' | 'jemalloc' | 'conf' | 'hooks' | 'runtime' | 'certainty'
>;

/** Returns the head of a run's result, without the rest of it. */
export function headOf({
  workload,
  server,
  build,
  jemalloc,
  conf,
  hooks,
  runtime,
  certainty,
}: ResultHead): ResultHead {
  return { workload, server, build, jemalloc, conf, hooks, runtime, certainty };
}
