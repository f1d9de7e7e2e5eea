import { unknownName } from '../src/trace/index.js';
import { scatteredDelete } from './scattered-delete.js';
import type { Workload } from './workload.js';

export {
  compareWithKnown,
  type KnownComparison,
  type KnownFigure,
  type PhaseFigures,
  type Unit,
} from './known.js';
export { type Parameter, type ParameterValues, parseSettings } from './parameter.js';
export type { Content, Phase, PhaseEnd, Step, Workload, WorkloadContext } from './workload.js';

/** Every workload there is, in the order in which they are listed. */
export const WORKLOADS: readonly Workload[] = [scatteredDelete];

export function findWorkload(name: string): Workload {
  const workload = WORKLOADS.find((known) => known.name === name);
  if (workload === undefined) {
    throw unknownName(
      'a workload',
      name,
      WORKLOADS.map((known) => known.name),
    );
  }
  return workload;
}
