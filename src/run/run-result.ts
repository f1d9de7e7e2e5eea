import type { Finding, KnownComparison } from '../../workloads/index.js';
import type { PinReport, TypeProfile } from '../analysis/index.js';
import type { AllocatorOptions, HookMode, Runtime, SnapshotTotals } from '../engine/index.js';
export const RUN_SCHEMA = 'slablab.run/1';

/** Only where they are asked for (`--types`, `--owners`), and of phases that the modelled server came to. */
export interface PhaseAccounts {
  readonly types?: TypeProfile;
  readonly owners?: PinReport;
}

/** A snapshot without its columns, which are the map's business and too many for a result. */
export interface PhaseResult extends Omit<SnapshotTotals, 'phase'>, PhaseAccounts {
  readonly name: string;
  /** Commands completed and operations replayed since the phase before; a stream that no server model made has no commands. */
  readonly commands: number;
  readonly operations: number;
}

/** Why a run ended early. */
export interface RunFailure {
  /** StreamError, OutOfMemoryError, ReconciliationError, InputError. */
  readonly name: string;
  readonly message: string;
  /** Position of the operation that failed, where the error is about one. */
  readonly position: number | null;
}

/** Everything that is not deterministic, and only here. */
interface RunTiming {
  readonly startedAt: string;
  readonly wallMs: number;
  readonly operationsPerSecond: number;
}

export interface RunResult {
  readonly schema: typeof RUN_SCHEMA;
  readonly workload: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly server: string;
  /** Of the modelled server, where they are not its defaults. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly build: string;
  readonly jemalloc: string;
  readonly conf: string;
  /** What jemalloc ran with, defaults and all; results of earlier versions have it not. */
  readonly options?: AllocatorOptions | undefined;
  readonly hooks: HookMode;
  readonly runtime: Runtime;
  readonly phases: readonly PhaseResult[];
  /** Only of a workload, where what was published of it holds for these parameters. */
  readonly known?: readonly KnownComparison[] | undefined;
  /** Only of a workload that is a study, when it and its variants have been run: tables and what they come to. */
  readonly findings?: readonly Finding[];
  /** Only on a run that ended early; `phases` are those measured before. */
  readonly error?: RunFailure | undefined;
  readonly timing: RunTiming;
}

/** What is known of a run before it begins: the experiment. */
export type RunHeader = Omit<RunResult, 'schema' | 'phases' | 'known' | 'findings' | 'error' | 'timing'>;
