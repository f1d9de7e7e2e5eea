import type { RunFailure, RunResult } from '../run/index.js';
import type { Figures } from '../sweep/index.js';
import type { FigureOwner } from './figure.js';

export const COMPARISON_SCHEMA = 'slablab.comparison/1';

type ResultKind = 'run' | 'sweep' | 'bench';

/** What a run is compared by: how it was set up, and its phases. */
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
  | 'phases'
>;

/** A run, a cell of a sweep, a case of a bench. */
export interface NamedRun {
  readonly name: string;
  /** Null where nothing ran. */
  readonly run: ComparedRun | null;
  readonly error: RunFailure | null;
  /** Speed as a share of the native twin's, where that was measured. */
  readonly ofNative: number | null;
}

export interface NamedRuns {
  readonly kind: ResultKind;
  /** A file, mostly. */
  readonly name: string;
  readonly runs: readonly NamedRun[];
}

/** A figure that is not what it was. */
export interface Movement {
  readonly phase: string;
  readonly metric: string;
  /** Bytes, of what is counted for each class; else null. */
  readonly sizeClass: number | null;
  /** Of what is counted for each type, pattern or owner; else null. */
  readonly owner: FigureOwner | null;
  readonly before: number | null;
  readonly after: number | null;
  /** Of `before`; null where that is 0, or one of the two was not measured. */
  readonly share: number | null;
  readonly threshold: string;
  readonly isBeyond: boolean;
  /** Null where neither way is better by itself. */
  readonly isBetter: boolean | null;
}

/** What was run, or with what, is not what it was. */
export interface SetupChange {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

export interface CaseComparison {
  readonly name: string;
  readonly isPassed: boolean;
  readonly setup: readonly SetupChange[];
  /** Figures that are there on one side only, runs that failed: sentences. None of them is within a threshold. */
  readonly problems: readonly string[];
  /** Null where it was not measured. */
  readonly before: Figures | null;
  readonly after: Figures | null;
  readonly figures: number;
  readonly movements: readonly Movement[];
  /** Not deterministic; null where it was not measured on both sides. */
  readonly timing: TimingChange | null;
}

/** Speed in WebAssembly as a share of the native twin's. */
export interface TimingChange {
  readonly before: number;
  readonly after: number;
  /** Null: shown, and never a regression. */
  readonly threshold: string | null;
  /** Slower by more than that. */
  readonly isBeyond: boolean;
}

export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly kind: ResultKind;
  readonly before: string;
  readonly after: string;
  /** By metric or group, as they were given; what is not in it must be equal. */
  readonly thresholds: Readonly<Record<string, string>>;
  readonly isPassed: boolean;
  readonly cases: readonly CaseComparison[];
}
