import type { Evidence, Finding, ParameterValues, PhaseFigures, Study } from '../../workloads/index.js';
import type { KeyCensus } from '../analysis/index.js';
import type { RunSource } from './run-source.js';

/** Runs another source to its end, in the same way as the main one. `meaning` describes the variant. */
export type RunAnother = (source: RunSource, meaning: string) => Promise<readonly PhaseFigures[]>;

/** Censuses by phase, which a source fills as it runs. */
export type Censuses = Map<string, KeyCensus>;

/** Runs the variants of a study one after the other, and returns its findings. */
export async function findingsOf(
  study: Study,
  values: ParameterValues,
  main: Evidence,
  sourceOf: (values: ParameterValues, census: Censuses) => RunSource,
  runAnother: RunAnother,
): Promise<readonly Finding[]> {
  const variants = new Map<string, Evidence>();
  for (const variant of study.variants(values)) {
    const census: Censuses = new Map();
    const phases = await runAnother(sourceOf(variant.values, census), variant.meaning);
    variants.set(variant.name, { phases, census });
  }
  return study.findings(values, main, variants);
}
