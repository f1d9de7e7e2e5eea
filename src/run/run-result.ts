import type { Finding, KnownComparison } from '../../workloads/index.js';
import type { PinReport, TypeProfile } from '../analysis/index.js';
import type { AllocatorOptions, HookMode, Runtime, SnapshotTotals } from '../engine/index.js';
import type { Gaps } from '../model/index.js';

/** Identifies run-result.schema.json, which describes RunResult as a JSON Schema. A breaking change raises the number. */
export const RUN_SCHEMA = 'slablab.run/1';

/** Accounts of a phase, present if requested (`--types`, `--owners`) and if the modelled server reached its end. */
export interface PhaseAccounts {
  readonly types?: TypeProfile;
  readonly owners?: PinReport;
}

/** The totals at the end of a phase. The columns of its snapshot are in recordings only. */
export interface PhaseResult extends Omit<SnapshotTotals, 'phase'>, PhaseAccounts {
  readonly name: string;
  /** Commands completed since the phase before; 0 if no server model produced the stream. */
  readonly commands: number;
  /** Operations replayed since the phase before. */
  readonly operations: number;
  /** Keys in all databases, in a run with changes. */
  readonly keys?: number;
  /** The change that the phase made, in a run with changes. */
  readonly change?: PhaseChange;
}

/** A change of a server in a phase of its own (`slablab whatif`). */
export interface PhaseChange {
  /** The step as `--then` takes it. */
  readonly step: string;
  /** The number of the server's process that the phase ends in, from 1. A restart begins another. */
  readonly process: number;
  /** The start of that process had these, and its settings are those after the step. */
  readonly server: string;
  readonly build: string;
  readonly conf: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Commands that the step sends. */
  readonly sent: number;
  /** Virtual milliseconds that the step takes; 0 for a restart, whose time is not modelled. */
  readonly tookMs: number;
  /** Bytes of the data set that a restart saves and loads; 0 for other steps. */
  readonly copiedBytes: number;
  /** Shell commands that make the change on a real server, or a comment on what makes it. */
  readonly onServer: string;
  /** Remarks on the step. */
  readonly notes: readonly string[];
}

/** The error that ended a run early. */
export interface RunFailure {
  /** StreamError, OutOfMemoryError, ReconciliationError, InputError or InterruptedError. */
  readonly name: string;
  readonly message: string;
  /** Position of the operation that failed; null if the error is not about one. */
  readonly position: number | null;
}

/** The only part of a result that is not deterministic. */
interface RunTiming {
  readonly startedAt: string;
  readonly wallMs: number;
  readonly operationsPerSecond: number;
}

/** The canonical result of one run: the experiment, its phases, and how it ended. */
export interface RunResult {
  readonly schema: typeof RUN_SCHEMA;
  readonly workload: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly server: string;
  /** Settings of the modelled server that differ from its defaults. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly build: string;
  readonly jemalloc: string;
  readonly conf: string;
  /** The options that jemalloc ran with, including defaults. Absent in results of earlier versions. */
  readonly options?: AllocatorOptions | undefined;
  readonly hooks: HookMode;
  readonly runtime: Runtime;
  /** Sentences on how sure the figures are. Absent for a stream of operations, and in results of earlier versions. */
  readonly certainty?: readonly string[] | undefined;
  readonly phases: readonly PhaseResult[];
  /** Comparison with published figures, if a workload has any for these parameters. */
  readonly known?: readonly KnownComparison[] | undefined;
  /** Findings of a workload with a study, if its variants were run, too. */
  readonly findings?: readonly Finding[];
  /** The commands that the model could not carry out, if there are any. The figures lack what they would have done. */
  readonly gaps?: Gaps | undefined;
  /** The error of a run that ended early; `phases` has the phases before it. */
  readonly error?: RunFailure | undefined;
  readonly timing: RunTiming;
}

/** The experiment of a run, which is known before the run begins. */
export type RunHeader = Omit<
  RunResult,
  'schema' | 'certainty' | 'phases' | 'known' | 'findings' | 'gaps' | 'error' | 'timing'
>;
