/**
 * The last use and the frequency of a key, in the 24 bits that a server keeps for it. LRU policies keep a clock of
 * seconds.
 * LFU policies keep the minute of the last decrement, and a counter that grows logarithmically.
 */
import type { Random } from '../../base/index.js';

const CLOCK_MAX = 0xffffff;
const CLOCK_MS = 1000;
const LFU_INITIAL = 5;
const LFU_LOG_FACTOR = 10;
const LFU_DECAY_MINUTES = 1;
const MINUTE_MS = 60_000;

export function lruClock(nowMs: number): number {
  return Math.floor(nowMs / CLOCK_MS) & CLOCK_MAX;
}

export function lruIdleMs(access: number, nowMs: number): number {
  const clock = lruClock(nowMs);
  return (clock >= access ? clock - access : clock + (CLOCK_MAX - access)) * CLOCK_MS;
}

export function newFrequency(nowMs: number): number {
  return (minutes(nowMs) << 8) | LFU_INITIAL;
}

/** Returns the counter after the decay of the elapsed minutes. */
export function frequencyNow(access: number, nowMs: number): number {
  const last = access >>> 8;
  const now = minutes(nowMs);
  const elapsed = now >= last ? now - last : 0xffff - last + now;
  return Math.max(0, (access & 0xff) - Math.floor(elapsed / LFU_DECAY_MINUTES));
}

/** updateLFU: decays the counter, then increments it with a probability that falls as it grows. */
export function usedAgain(access: number, nowMs: number, random: Random): number {
  let counter = frequencyNow(access, nowMs);
  if (counter < 255) {
    const above = Math.max(0, counter - LFU_INITIAL);
    if (random.share() < 1 / (above * LFU_LOG_FACTOR + 1)) counter++;
  }
  return (minutes(nowMs) << 8) | counter;
}

function minutes(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS) & 0xffff;
}
