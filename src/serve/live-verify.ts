/** Compares the lab with the live server that it follows, by what each has gained since the lab began. */
import { type Comparison, compare, type Measures, type Occupancy, since, tooFar } from '../verify/index.js';
import type { LabStatus } from './live-lab.js';
import type { UnseenPeriod } from './unseen-traffic.js';

const LIVE_VERIFY_SCHEMA = 'slablab.verify-live/1';

export interface LiveVerifyResult {
  readonly schema: typeof LIVE_VERIFY_SCHEMA;
  readonly upstream: string;
  readonly lab: Omit<LabStatus, 'snapshot'>;
  readonly comparison: Comparison;
  readonly thresholds: Measures;
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
  const { snapshot: _, ...labStatus } = status;
  const comparison = compare(since(labBefore, lab), since(serverBefore, server));
  const above = tooFar(comparison, thresholds);
  return {
    schema: LIVE_VERIFY_SCHEMA,
    upstream,
    lab: labStatus,
    comparison,
    thresholds,
    exceeded: above,
    gaps,
    agrees: above.length === 0,
  };
}
