export { findWorkload, parseSettings, WORKLOADS, type Workload } from '../workloads/index.js';
export type { BootOptions, BuildInfo, Engine, Runtime } from './engine/engine.js';
export {
  BootError,
  EngineError,
  OutOfMemoryError,
  ReconciliationError,
  StreamError,
} from './engine/errors.js';
export { builds, openEngine } from './engine/index.js';
export type * from './engine/snapshot.js';
export { runSuite } from './sweep/bench/bench.js';
export { BENCH_SCHEMA, type BenchCase, type BenchResult } from './sweep/bench/bench-result.js';
export { readSuite, type Suite } from './sweep/bench/suite.js';
export { compare } from './sweep/compare/compare.js';
export { COMPARISON_SCHEMA, type Comparison } from './sweep/compare/comparison.js';
export { namedRuns, parseResult, readResult } from './sweep/compare/results.js';
export { type Axis, parseAxes } from './sweep/grid/axis.js';
export { type Cell, type Grid, type GridBase, makeGrid } from './sweep/grid/grid.js';
export { opsFileSource } from './sweep/ops-file-source.js';
export { openRecordingFile, RecordingFile, readRecordingFile } from './sweep/recording/disk.js';
export * from './sweep/recording/index.js';
export { type RunOptions, type RunOutcome, run } from './sweep/run.js';
export { type PhaseResult, RUN_SCHEMA, type RunResult } from './sweep/run-result.js';
export { type RunSource, workloadSource } from './sweep/source.js';
export { runGrid, type SweepOptions } from './sweep/sweep.js';
export { SWEEP_SCHEMA, type SweepCell, type SweepResult } from './sweep/sweep-result.js';
export { InputError, Kind, type OpChunk, OpWriter } from './trace/index.js';
