/** The experiments, and what a workload is made of. */
export { findWorkload, WORKLOADS } from './catalogue.js';
export { declaredWorkload } from './declared/declared-workload.js';
export { readJson } from './declared/json-document.js';
export { Place } from './declared/place.js';
export {
  compareWithKnown,
  type KnownComparison,
  type KnownFigure,
  type PhaseFigures,
  type Unit,
} from './known.js';
export { type Parameter, type ParameterValues, parseSettings } from './parameter.js';
export type { Evidence, Finding, FindingCell, FindingColumn, Study } from './study.js';
export type { Content, PhaseEnd, Step, Workload, WorkloadContext } from './workload.js';
