/** Compares the lab with the live server that it follows, by what each has gained since the lab began. */
import {
  type Amounts,
  type Comparison,
  compare,
  LEAST_AMOUNTS,
  type Measures,
  type Occupancy,
  since,
  tooFar,
} from '../verify/index.js';
import type { LabStatus } from './live-lab.js';
import type { UnseenPeriod } from './unseen-traffic.js';

const LIVE_VERIFY_SCHEMA = 'slablab.verify-live/1';

export interface LiveVerifyResult {
  readonly schema: typeof LIVE_VERIFY_SCHEMA;
  readonly upstream: string;
  readonly lab: Omit<LabStatus, 'snapshot'>;
  readonly comparison: Comparison;
  readonly thresholds: Measures;
  /** The amounts by which a measure must differ to count. */
  readonly least: Amounts;
  readonly exceeded: readonly (keyof Measures)[];
  /** The traffic that the lab did not see. */
  readonly gaps: readonly UnseenPeriod[];
  readonly agrees: boolean;
}

export interface Sides {
  readonly labBefore: Occupancy;
  readonly serverBefore: Occupancy;
  readonly server: Occupancy;
  readonly lab: Occupancy;
  readonly status: LabStatus;
}

export function compareLive(
  upstream: string,
  { labBefore, serverBefore, server, lab, status }: Sides,
  gaps: readonly UnseenPeriod[],
  thresholds: Measures,
): LiveVerifyResult {
  const { snapshot, ...labStatus } = status;
  // The regions of a tcache depend on all that a process has allocated. The server's hold about as many as the lab's.
  const comparison = compare(since(labBefore, lab), since(serverBefore, server));
  const least = {
    ...LEAST_AMOUNTS,
    slabs: LEAST_AMOUNTS.slabs + slabsOfTcaches(comparison),
    regions: Math.max(LEAST_AMOUNTS.regions, snapshot.drainprof.parked),
  };
  const above = tooFar(comparison, thresholds, least);
  return {
    schema: LIVE_VERIFY_SCHEMA,
    upstream,
    lab: labStatus,
    comparison,
    thresholds,
    least,
    exceeded: above,
    gaps,
    agrees: above.length === 0,
  };
}

/**
 * Returns the number of slabs that tcaches explain. A freed region in a tcache keeps its slab. So a class may differ by as
 * many slabs as regions, if one tcache holds those.
 */
function slabsOfTcaches({ classes }: Comparison): number {
  let slabs = 0;
  for (const { regs, regions, slabs: bySide } of classes) {
    const apart = Math.abs(regions.lab - regions.server);
    if (apart <= tcacheCapacity(regs)) slabs += Math.min(apart, Math.abs(bySide.lab - bySide.server));
  }
  return slabs;
}

/** Returns how many regions of a class a tcache holds at most: twice those of a slab, at least 20 and at most 200. */
function tcacheCapacity(regionsOfSlab: number): number {
  return Math.min(200, Math.max(20, 2 * regionsOfSlab));
}
