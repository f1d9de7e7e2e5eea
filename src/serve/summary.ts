import type { Gap } from './gaps.js';
import type { LabStatus } from './live-lab.js';

/** What a lab that followed live traffic has to say in the end. */
export interface ServeSummary {
  /** What it followed; null: it was itself what clients asked. */
  readonly upstream: string | null;
  readonly clients: { readonly accepted: number; readonly turnedAway: number };
  readonly gaps: readonly Gap[];
  readonly lab: LabStatus | null;
}
