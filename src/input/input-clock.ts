import type { EpochEvent } from './input.js';

/** Turns the Unix times of an input into virtual time, which starts at 0 and never decreases. */
export class InputClock {
  timeMs = 0;
  #epochMs: number | undefined;

  /** Advances to `unixMs`. The first call defines time 0, and returns it as an event. */
  advanceTo(unixMs: number): EpochEvent | undefined {
    if (this.#epochMs === undefined) {
      this.#epochMs = unixMs;
      return { kind: 'epoch', unixMs };
    }
    this.timeMs = Math.max(this.timeMs, unixMs - this.#epochMs);
    return undefined;
  }
}
