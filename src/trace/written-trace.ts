import type { OpsNames, RecordedCounts } from '../stream/index.js';
import type { TraceCounts } from './translator.js';

/** A trace that was written. */
export interface WrittenTrace {
  readonly operations: number;
  readonly counts: Readonly<TraceCounts>;
  readonly sites: number;
  readonly recorded: RecordedCounts;
  /** The damage of the recording, and the reasons for missing names. */
  readonly problems: readonly string[];
}

/** Returns the counts as an `.ops` file has them. */
export function recordedCounts(operations: number, counts: TraceCounts, lost: number): RecordedCounts {
  const { unknownFrees, doubleFrees, failedCalls } = counts;
  return { operations, unknownFrees: unknownFrees + doubleFrees, failedCalls, lost };
}

/** Returns the peak as the names of an `.ops` file have it; a recording without regions has none. */
export function peakOf(peakAt: number): Pick<OpsNames, 'peakAt'> {
  return peakAt === 0 ? {} : { peakAt };
}
