/**
 * The differences between two results of one kind. `comparison.schema.json` describes it as a JSON Schema; a breaking
 * change raises the number in `schema`.
 */
import type { RunFailure, RunResult } from '../run/index.js';
import type { Figures } from '../sweep/index.js';
import type { FigureOwner } from './figure.js';

/** Identifies comparison.schema.json, which describes Comparison as a JSON Schema. A breaking change raises the number. */
export const COMPARISON_SCHEMA = 'slablab.comparison/1';

type ResultKind = 'run' | 'sweep' | 'bench';

/** The parts of a run that are compared: its setup and its phases. */
export type ComparedRun = Pick<
  RunResult,
  | 'workload'
  | 'parameters'
  | 'server'
  | 'settings'
  | 'build'
  | 'jemalloc'
  | 'conf'
  | 'options'
  | 'hooks'
  | 'certainty'
  | 'phases'
>;

/** A run, a cell of a sweep, a case of a bench. */
export interface NamedRun {
  readonly name: string;
  /** Null if nothing ran. */
  readonly run: ComparedRun | null;
  readonly error: RunFailure | null;
  /** Speed as a share of the native twin's; null if not measured. */
  readonly ofNative: number | null;
}

export interface NamedRuns {
  readonly kind: ResultKind;
  /** Name of the result, usually that of its file. */
  readonly name: string;
  readonly runs: readonly NamedRun[];
}

/** A figure that has changed. */
export interface Movement {
  readonly phase: string;
  readonly metric: string;
  /** Bytes of the size class, for figures by class; else null. */
  readonly sizeClass: number | null;
  /** The owner, for figures by type, pattern or owner; else null. */
  readonly owner: FigureOwner | null;
  readonly before: number | null;
  readonly after: number | null;
  /** The change as a share of `before`; null if that is 0 or if a value was not measured. */
  readonly share: number | null;
  readonly threshold: string;
  readonly isBeyond: boolean;
  /** Null if neither direction is better. */
  readonly isBetter: boolean | null;
}

/** A difference in the setup of a run. */
export interface SetupChange {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

export interface CaseComparison {
  readonly name: string;
  readonly isPassed: boolean;
  readonly setup: readonly SetupChange[];
  /** Sentences on figures of one side only and on failed runs. Thresholds do not apply to them. */
  readonly problems: readonly string[];
  /** Null if not measured. */
  readonly before: Figures | null;
  readonly after: Figures | null;
  readonly figures: number;
  readonly movements: readonly Movement[];
  /** Null unless measured on both sides. Not deterministic. */
  readonly timing: TimingChange | null;
}

/** Speed in WebAssembly as a share of the native twin's. */
export interface TimingChange {
  readonly before: number;
  readonly after: number;
  /** Null if the change is shown but is never a regression. */
  readonly threshold: string | null;
  /** Whether the run is slower by more than the threshold. */
  readonly isBeyond: boolean;
}

export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly kind: ResultKind;
  readonly before: string;
  readonly after: string;
  /** Thresholds by metric or group, as given. All other figures must be equal. */
  readonly thresholds: Readonly<Record<string, string>>;
  /** The figures and groups that were compared; absent if all were. */
  readonly only?: readonly string[];
  readonly isPassed: boolean;
  /** Sentences on how sure the figures of all runs are; absent if none holds for all. */
  readonly certainty?: readonly string[];
  readonly cases: readonly CaseComparison[];
}
