export { findWorkload, parseSettings, WORKLOADS, type Workload } from '../workloads/index.js';
export { runSuite } from './compare/bench/bench.js';
export { BENCH_SCHEMA, type BenchCase, type BenchResult } from './compare/bench/bench-result.js';
export { readSuite, type Suite } from './compare/bench/suite.js';
export { compare } from './compare/compare.js';
export { COMPARISON_SCHEMA, type Comparison } from './compare/comparison.js';
export { namedRuns, parseResult, readResult } from './compare/results.js';
export type { BootOptions, BuildInfo, Engine, Runtime } from './engine/engine.js';
export {
  BootError,
  EngineError,
  OutOfMemoryError,
  ReconciliationError,
  StreamError,
} from './engine/engine-errors.js';
export { builds, openEngine } from './engine/index.js';
export type * from './engine/snapshot.js';
export * from './recording/index.js';
export { openRecordingFile, RecordingFile, readRecordingFile } from './recording/recording-file.js';
export { opsFileSource } from './run/ops-file-source.js';
export { type RunOptions, type RunOutcome, run } from './run/run.js';
export { type PhaseResult, RUN_SCHEMA, type RunResult } from './run/run-result.js';
export { type RunSource, workloadSource } from './run/run-source.js';
export { InputError, Kind, type OpChunk, OpWriter } from './stream/index.js';
export { type Axis, parseAxes } from './sweep/grid/axis.js';
export { type Cell, type Grid, type GridBase, makeGrid } from './sweep/grid/grid.js';
export { runGrid, type SweepOptions } from './sweep/sweep.js';
export { SWEEP_SCHEMA, type SweepCell, type SweepResult } from './sweep/sweep-result.js';
