import { formatCount } from '../base/index.js';
import type { EpochEvent } from './input.js';

const DAY_MS = 86_400_000;
/** A longer time without a command is named, because a wrong clock is more likely than so quiet a server. */
const LONG_JUMP_MS = 366 * DAY_MS;
/** No recording is as long. A time so far from the beginning is damage, and is left out. */
const MAX_RECORDING_MS = 100 * 366 * DAY_MS;
/** A smaller step back is one that servers make when their clock is set. */
const STEP_BACK_MS = 1000;
/** The number of times that are named. More would bury the other messages. */
const MOST_NAMED = 3;

/**
 * Turns the Unix times of an input into virtual time, which starts at 0 and never decreases. Times that cannot be right
 * are named with their place.
 */
export class InputClock {
  timeMs = 0;
  #epochMs: number | undefined;
  #named = 0;
  readonly #warn: (message: string) => void;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Whether time 0 is known. */
  get hasEpoch(): boolean {
    return this.#epochMs !== undefined;
  }

  /** Advances to `unixMs`. The first call defines time 0, and returns it as an event. */
  advanceTo(unixMs: number, place: () => string): EpochEvent | undefined {
    if (this.#epochMs === undefined) {
      this.#epochMs = unixMs;
      return { kind: 'epoch', unixMs };
    }
    this.passTo(unixMs - this.#epochMs, place);
    return undefined;
  }

  /** Advances to a time after the beginning. `place` names where it stands. */
  passTo(elapsedMs: number, place: () => string): void {
    const jumpMs = elapsedMs - this.timeMs;
    if (jumpMs <= -STEP_BACK_MS) {
      this.#name(place, `goes back by ${duration(-jumpMs)}; time stands still until the clock has caught up`);
    }
    if (elapsedMs > MAX_RECORDING_MS) {
      this.#name(place, `is ${duration(elapsedMs)} after the beginning; this time is left out`);
      return;
    }
    if (jumpMs > LONG_JUMP_MS) this.#name(place, `jumps ${duration(jumpMs)} ahead; it is taken as it stands`);
    if (jumpMs > 0) this.timeMs = elapsedMs;
  }

  #name(place: () => string, what: string): void {
    this.#named++;
    if (this.#named > MOST_NAMED) return;
    this.#warn(`${place()}: the clock ${what}`);
    if (this.#named === MOST_NAMED) this.#warn(`${place()}: further times like these are not named`);
  }
}

function duration(ms: number): string {
  const days = ms / DAY_MS;
  if (days >= 1000) return `${formatCount(Math.round(days / 365.25))} years`;
  return days >= 2 ? `${Math.round(days)} days` : `${formatCount(Math.round(ms / 1000))} s`;
}
