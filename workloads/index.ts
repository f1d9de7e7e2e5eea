import { unknownName } from '../src/stream/index.js';
import { bigKeys } from './big-keys.js';
import { encodingCliff } from './encoding-cliff.js';
import { hashFieldExpiry } from './hash-field-expiry.js';
import { lruTwoSizes } from './lru-two-sizes.js';
import { memoryEfficiency } from './memory-efficiency.js';
import { meshRedis } from './mesh-redis.js';
import { queueDrain } from './queue-drain.js';
import { scatteredDelete } from './scattered-delete.js';
import { scatteredSmall } from './scattered-small.js';
import { scripts } from './scripts.js';
import { stormCrd } from './storm-crd.js';
import { ttlStorm } from './ttl-storm.js';
import { valueDrift } from './value-drift.js';
import { violationSweep } from './violation-sweep.js';
import type { Workload } from './workload.js';

export {
  compareWithKnown,
  type KnownComparison,
  type KnownFigure,
  type PhaseFigures,
  type Unit,
} from './known.js';
export { type Parameter, type ParameterValues, parseSettings } from './parameter.js';
export type { Evidence, Finding, FindingCell, FindingColumn, Study, Variant } from './study.js';
export type { Content, Phase, PhaseEnd, Step, Workload, WorkloadContext } from './workload.js';

/** Every workload there is, in the order in which they are listed. */
export const WORKLOADS: readonly Workload[] = [
  scatteredDelete,
  scatteredSmall,
  violationSweep,
  stormCrd,
  lruTwoSizes,
  meshRedis,
  bigKeys,
  scripts,
  hashFieldExpiry,
  memoryEfficiency,
  ttlStorm,
  valueDrift,
  encodingCliff,
  queueDrain,
];

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
