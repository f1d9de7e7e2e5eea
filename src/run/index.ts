export { type ArenaSource, withArena } from './arena-source.js';
export { certaintyOf, commonCertainty } from './certainty.js';
export { contentsByClass } from './class-contents.js';
export { commandSource } from './command-source.js';
export type { Continuation, Cut } from './continuation.js';
export { inputSource, isLoaded, modelNamedIn } from './input-source.js';
export { serverVersion, servesWholeProcess } from './modelled-server.js';
export { OBSERVED_REST_MS } from './observer.js';
export { opsSource, PEAK } from './ops-source.js';
export { joinedConf, programBuild, programConf, programNotes } from './recorded-program.js';
export { describeFailure, type RunOptions, type RunOutcome, run, runHeader } from './run.js';
export { type AccountsOptions, type PhaseCopies, RunAccounts } from './run-accounts.js';
export {
  type PhaseAccounts,
  type PhaseChange,
  type PhaseResult,
  RUN_SCHEMA,
  type RunFailure,
  type RunHeader,
  type RunResult,
} from './run-result.js';
export type { RunSource } from './run-source.js';
export type { StreamPlan, Subject } from './subject.js';
export { TraceAccounts } from './trace-accounts.js';
export { TRACE_GROUPINGS, type TraceGrouping } from './trace-groups.js';
export { workloadSource } from './workload-source.js';
