/** A replay with some size: the size, and the peak that it had. */
export interface Probe {
  readonly size: number;
  readonly peakBytes: number;
}

export interface Search<Found extends Probe> {
  /** A size whose peak is above the limit. */
  readonly above: Probe;
  /** The peak of size 0. It is below the limit. */
  readonly emptyBytes: number;
  readonly limitBytes: number;
  /** Sizes are multiples of this. */
  readonly unit: number;
  readonly probe: (size: number) => Promise<Found>;
}

/** A peak between this share of the limit and the limit is near enough. */
const NEAR_ENOUGH = 0.995;
const MOST_PROBES = 12;
/** So many smaller sizes with the same peak show that the size does not decide it. */
const MOST_IDLE = 3;
/** A guess keeps this share of the bracket's width from its ends. */
const MARGIN = 0.02;

/**
 * Returns the largest size whose peak is at most the limit, up to half a percent of it; undefined if there is none.
 * Guesses are interpolated, because peaks grow nearly in proportion to sizes.
 */
export async function largestBelow<Found extends Probe>(search: Search<Found>): Promise<Found | undefined> {
  const { limitBytes, unit, probe } = search;
  let below: Probe = { size: 0, peakBytes: search.emptyBytes };
  let { above } = search;
  let best: Found | undefined;
  let idle = 0;
  for (let count = 0; count < MOST_PROBES; count++) {
    // A size that no traffic reaches says nothing of the slope, so the next one is halfway.
    const size = idle > 0 ? halfway(below, above, unit) : guess(below, above, limitBytes, unit);
    if (size <= below.size || size >= above.size) break;
    const found = await probe(size);
    if (found.peakBytes > limitBytes) {
      idle = found.peakBytes >= above.peakBytes ? idle + 1 : 0;
      if (idle === MOST_IDLE) break;
      above = found;
      continue;
    }
    below = found;
    best = found;
    if (found.peakBytes >= limitBytes * NEAR_ENOUGH) break;
  }
  return best;
}

function halfway(below: Probe, above: Probe, unit: number): number {
  return Math.floor((below.size + above.size) / 2 / unit) * unit;
}

function guess(below: Probe, above: Probe, limitBytes: number, unit: number): number {
  const wanted = limitBytes * ((1 + NEAR_ENOUGH) / 2);
  const width = above.size - below.size;
  const share = (wanted - below.peakBytes) / Math.max(1, above.peakBytes - below.peakBytes);
  const bounded = Math.min(1 - MARGIN, Math.max(MARGIN, share));
  return Math.floor((below.size + width * bounded) / unit) * unit;
}
