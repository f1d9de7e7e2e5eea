import type { LabStatus } from './live-lab.js';
import type { UnseenPeriod } from './unseen-traffic.js';

/** The summary of a lab that followed live traffic. */
export interface ServeSummary {
  /** The server that it followed; null for a standalone lab. */
  readonly upstream: string | null;
  readonly clients: { readonly accepted: number; readonly turnedAway: number };
  readonly gaps: readonly UnseenPeriod[];
  /** The facts about the server that the lab cannot know, by the way in which it follows. */
  readonly notSeen: readonly string[];
  readonly lab: LabStatus | null;
}
