import type { Gap } from './gaps.js';
import type { LabStatus } from './live-lab.js';

/** The summary of a lab that followed live traffic. */
export interface ServeSummary {
  /** The server that it followed; null for a standalone lab. */
  readonly upstream: string | null;
  readonly clients: { readonly accepted: number; readonly turnedAway: number };
  readonly gaps: readonly Gap[];
  readonly lab: LabStatus | null;
}
