import { unknownName } from '../src/base/index.js';
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
