/** Compares the lab with the live server that it follows, by what each has gained since the lab began. */
import type { Snapshot } from '../engine/index.js';
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
  /** The lab's slabs that are there only for regions in tcaches, by the size of these. */
  readonly kept: ReadonlyMap<number, number>;
}

export function compareLive(
  upstream: string,
  { labBefore, serverBefore, server, lab, status, kept }: Sides,
  gaps: readonly UnseenPeriod[],
  thresholds: Measures,
): LiveVerifyResult {
  const { snapshot, ...labStatus } = status;
  // The regions of a tcache depend on all that a process has allocated. The server's hold about as many as the lab's.
  const comparison = compare(since(labBefore, lab), since(serverBefore, server));
  const least = {
    ...LEAST_AMOUNTS,
    slabs: LEAST_AMOUNTS.slabs + slabsOfTcaches(comparison, kept),
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
 * many slabs as regions, if one tcache holds those. It may also differ by the slabs that the lab keeps for its tcache alone.
 */
function slabsOfTcaches({ classes }: Comparison, kept: ReadonlyMap<number, number>): number {
  let slabs = 0;
  for (const { size, regs, regions, slabs: bySide } of classes) {
    const apart = Math.abs(regions.lab - regions.server);
    const explained = (apart <= tcacheCapacity(regs) ? apart : 0) + (kept.get(size) ?? 0);
    slabs += Math.min(explained, Math.abs(bySide.lab - bySide.server));
  }
  return slabs;
}

/** Counts, by the size of their regions, the slabs that are there only for regions in tcaches. */
export function slabsKeptByTcaches({ granules, bins }: Snapshot): Map<number, number> {
  const kept = new Map<number, number>();
  for (let row = 0; row < granules.count; row++) {
    const size = bins[granules.sizeClass[row]!]?.size;
    if (size === undefined || granules.live[row] !== 0) continue;
    kept.set(size, (kept.get(size) ?? 0) + 1);
  }
  return kept;
}

/** Returns how many regions of a class a tcache holds at most: twice those of a slab, at least 20 and at most 200. */
function tcacheCapacity(regionsOfSlab: number): number {
  return Math.min(200, Math.max(20, 2 * regionsOfSlab));
}
