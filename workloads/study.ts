import type { KeyCensus } from '../src/analysis/index.js';
import type { PhaseFigures, Unit } from './known.js';
import type { ParameterValues } from './parameter.js';

export interface Variant {
  readonly name: string;
  /** What is otherwise in it, for progress. */
  readonly meaning: string;
  /** In place of the main run's values. */
  readonly values: ParameterValues;
}

/** What one run left to judge by. */
export interface Evidence {
  readonly phases: readonly PhaseFigures[];
  /** By phase. */
  readonly census: ReadonlyMap<string, KeyCensus>;
}

export interface FindingColumn {
  readonly title: string;
  readonly unit: Unit | 'text' | 'seconds';
}

export type FindingCell = string | number | null;

export interface Finding {
  readonly title: string;
  readonly columns: readonly FindingColumn[];
  readonly rows: readonly (readonly FindingCell[])[];
  /** What it comes to, in words. */
  readonly sentences: readonly string[];
}

export interface Study {
  /** Prefixes by which the keys are counted at each phase. */
  readonly prefixes: readonly string[];
  variants(values: ParameterValues): readonly Variant[];
  findings(
    values: ParameterValues,
    main: Evidence,
    variants: ReadonlyMap<string, Evidence>,
  ): readonly Finding[];
}
