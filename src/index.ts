export { findWorkload, parseSettings, WORKLOADS, type Workload } from '../workloads/index.js';
export { InputError } from './base/index.js';
export {
  BENCH_SCHEMA,
  type BenchCase,
  type BenchResult,
  COMPARISON_SCHEMA,
  type Comparison,
  compare,
} from './compare/index.js';
export { namedRuns, parseResult, readResult, readSuite, runSuite, type Suite } from './compare/node.js';
export {
  type BinRow,
  BootError,
  type BootOptions,
  type BuildInfo,
  type Column,
  type DrainprofTotals,
  type Engine,
  EngineError,
  type ExtentColumns,
  type ExtentState,
  type GranuleColumns,
  type HookAccounting,
  type HookMode,
  type LargeRow,
  type MemoryTotals,
  OutOfMemoryError,
  ReconciliationError,
  type RegionColumns,
  type RegionState,
  type Runtime,
  type Snapshot,
  type SnapshotTotals,
  StreamError,
  type SystemCalls,
} from './engine/index.js';
export { builds, openEngine } from './engine/node.js';
export {
  blobBytes,
  type Damage,
  EXTENSION,
  encodeRecording,
  type Frame,
  LiveRecording,
  type OpenedRecording,
  openRecording,
  type PackedRecord,
  packEnd,
  packFrame,
  packHeader,
  type RandomBytes,
  type ReadOptions,
  type ReadRecording,
  type Recording,
  RecordingEncoder,
  RecordingError,
  type RecordingPart,
  readParts,
  readRecording,
  type SweepSummary,
  startsWithMagic,
} from './recording/index.js';
export { openRecordingFile, RecordingFile, readRecordingFile } from './recording/node.js';
export {
  type PhaseResult,
  RUN_SCHEMA,
  type RunOptions,
  type RunOutcome,
  type RunResult,
  type RunSource,
  run,
  workloadSource,
} from './run/index.js';
export { opsFileSource } from './run/node.js';
export { Kind, type OpChunk, OpWriter } from './stream/index.js';
export {
  type Axis,
  type Cell,
  type Grid,
  type GridBase,
  makeGrid,
  parseAxes,
  runGrid,
  SWEEP_SCHEMA,
  type SweepCell,
  type SweepOptions,
  type SweepResult,
} from './sweep/node.js';
