export { contentsByClass } from './class-contents.js';
export { inputSource, isLoaded, modelNamedIn } from './input-source.js';
export { OBSERVED_REST_MS } from './observer.js';
export { describeFailure, type RunOptions, type RunOutcome, run, runHeader } from './run.js';
export { type AccountsOptions, RunAccounts } from './run-accounts.js';
export {
  type PhaseAccounts,
  type PhaseChange,
  type PhaseResult,
  RUN_SCHEMA,
  type RunFailure,
  type RunHeader,
  type RunResult,
} from './run-result.js';
export {
  type Continuation,
  type Cut,
  commandSource,
  opsSource,
  type RunSource,
  serverVersion,
  servesWholeProcess,
  workloadSource,
} from './run-source.js';
export type { StreamPlan, Subject } from './subject.js';
