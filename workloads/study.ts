/**
 * The study of a workload: runs of itself with other parameter values, and findings drawn from all of them. Findings are
 * tables with units, so one reporter and one JSON format serve every workload.
 */
import type { KeyCensus } from '../src/analysis/index.js';
import type { PhaseFigures, Unit } from './known.js';
import type { ParameterValues } from './parameter.js';

export interface Variant {
  readonly name: string;
  /** The difference from the main run, for progress messages. */
  readonly meaning: string;
  /** Parameter values that replace those of the main run. */
  readonly values: ParameterValues;
}

/** The evidence of one run. */
export interface Evidence {
  readonly phases: readonly PhaseFigures[];
  /** Censuses by phase. */
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
  /** The conclusion in words. */
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
