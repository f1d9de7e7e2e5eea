import type { EpochEvent } from './input.js';

/** Turns Unix times met along the way into virtual time that starts at 0 and never goes back. */
export class InputClock {
  timeMs = 0;
  #epochMs: number | undefined;

  /** It is now `unixMs`. The first such moment is time 0, and is told as an event. */
  advanceTo(unixMs: number): EpochEvent | undefined {
    if (this.#epochMs === undefined) {
      this.#epochMs = unixMs;
      return { kind: 'epoch', unixMs };
    }
    this.timeMs = Math.max(this.timeMs, unixMs - this.#epochMs);
    return undefined;
  }
}
