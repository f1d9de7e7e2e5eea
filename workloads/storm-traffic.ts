/** The traffic of the storm incident: tests that leave storm CRDs, fingerprints and counters behind. */
import { Random } from '../src/base/index.js';
import { type Command, CommandWriter } from '../src/commands/index.js';
import type { PhaseEnd } from './workload.js';

export interface StormValues {
  readonly tests: number;
  readonly crds: number;
  readonly crdBytes: number;
  readonly spread: number;
  readonly ttlSeconds: number;
  readonly testMs: number;
  readonly flush: 'none' | 'each';
  readonly update: 'lua' | 'client' | 'none';
  readonly expiry: 'server' | 'exact';
  readonly maxmemoryMb: number;
  readonly seed: number;
}

/** The counts of the report. */
const FINGERPRINTS = 500;
const FINGERPRINT_BYTES = 200;
const NAMESPACES = 50;
const ADDRESSES = 100;
const RATE_SECONDS = 60;

export const SAMPLES_DURING = 9;
export const SAMPLES_AFTER = 3;
/** After the last key is due: time for a server to find it, and for jemalloc to let go of the pages. */
export const EXPIRED_AFTER_MS = 1000;
export const RESTED_AFTER_MS = 60_000;

/**
 * Represents the incident's script: it makes the CRD's text, decodes and encodes it, and drops it. The write of the
 * original script is the SET that follows.
 */
const SCRIPT =
  "local text = cjson.encode({spec = string.rep('x', tonumber(ARGV[1]))}) " +
  'local crd = cjson.decode(text) crd.count = 1 return #cjson.encode(crd)';

export function* stormTraffic(values: StormValues): Generator<Command | PhaseEnd> {
  const storm = new Storm(values);
  yield* storm.configure();
  yield { phase: 'empty' };
  for (let test = 0; test < values.tests; test++) {
    yield* storm.test(test);
    const tenths = Math.floor(((test + 1) * 10) / values.tests);
    if (tenths === Math.floor((test * 10) / values.tests)) continue;
    const endMs = (test + 1) * values.testMs;
    yield* storm.expire(endMs);
    // Fewer tests than samples: those that fell together are taken together, so that each phase is there.
    for (let sample = Math.floor((test * 10) / values.tests) + 1; sample <= tenths; sample++) {
      yield sample === 10
        ? { phase: 'tests-done', atMs: endMs, isMark: true }
        : { phase: `sample-${sample}`, atMs: endMs };
    }
  }
  const doneMs = values.tests * values.testMs;
  const dueMs = Math.max(doneMs, storm.lastDueMs);
  for (let sample = 1; sample <= SAMPLES_AFTER; sample++) {
    const atMs = doneMs + Math.round(((dueMs - doneMs) * (sample + 1)) / (SAMPLES_AFTER + 2));
    yield* storm.expire(atMs);
    yield { phase: `sample-${SAMPLES_DURING + sample}`, atMs };
  }
  yield* storm.expire(dueMs + EXPIRED_AFTER_MS);
  yield { phase: 'expired', atMs: dueMs + EXPIRED_AFTER_MS };
  yield { phase: 'rested', atMs: dueMs + EXPIRED_AFTER_MS + RESTED_AFTER_MS };
}

class Storm {
  /** The time at which the last key expires. */
  lastDueMs = 0;
  readonly #values: StormValues;
  readonly #words = new CommandWriter();
  readonly #random: Random;
  /** When each key is due, in order of being set: with expiry=exact the client deletes it then. */
  readonly #due = new Map<string, number>();
  /** Number of a write among the tests' writes, which are spread evenly over each test. */
  #write = 0;

  constructor(values: StormValues) {
    this.#values = values;
    this.#random = new Random(values.seed);
  }

  *configure(): Generator<Command> {
    yield this.#words.words('CONFIG', 'SET', 'maxmemory', `${this.#values.maxmemoryMb}mb`);
    if (this.#values.update === 'lua') yield this.#words.words('SCRIPT', 'LOAD', SCRIPT);
  }

  *test(test: number): Generator<Command> {
    const { crds, testMs, flush } = this.#values;
    if (flush === 'each') {
      yield* this.#at(test * testMs);
      this.#due.clear();
      yield this.#words.words('FLUSHDB');
    }
    for (let index = 0; index < crds; index++) {
      yield* this.#at(test * testMs + Math.floor((index * testMs) / crds));
      yield* this.#alert(`${test}:${index}`);
    }
  }

  /** With expiry=exact: deletes what is due by then. */
  *expire(atMs: number): Generator<Command> {
    if (this.#values.expiry !== 'exact') return;
    for (const [name, dueMs] of this.#due) {
      if (dueMs > atMs) continue;
      this.#words.command.timeMs = Math.max(dueMs, this.#words.command.timeMs);
      yield this.#words.words('DEL', name);
      this.#due.delete(name);
    }
  }

  *#at(timeMs: number): Generator<Command> {
    yield* this.expire(timeMs);
    this.#words.command.timeMs = Math.max(timeMs, this.#words.command.timeMs);
  }

  /** One alert storm: a fingerprint, two counters, the CRD, and its update. */
  *#alert(id: string): Generator<Command> {
    const { crdBytes, spread, ttlSeconds, update } = this.#values;
    const number = this.#write++;
    yield* this.#set(`dedup:fingerprint:${number % FINGERPRINTS}`, FINGERPRINT_BYTES, ttlSeconds);
    yield* this.#count(`storm:counter:namespace-${number % NAMESPACES}`, ttlSeconds);
    yield* this.#count(`rate:192.0.2.${number % ADDRESSES}`, RATE_SECONDS);
    const least = Math.round(crdBytes * (1 - spread));
    const bytes = least + this.#random.below(Math.round(crdBytes * (1 + spread)) - least + 1);
    const name = `storm:crd:HighCPUUsage in production ${id}`;
    yield* this.#set(name, bytes, ttlSeconds);
    if (update === 'none') return;
    if (update === 'lua') yield this.#words.words('EVAL', SCRIPT, '1', name, `${bytes}`);
    else yield this.#words.words('GET', name);
    // The count that it keeps has one digit more.
    yield* this.#set(name, bytes + 1, ttlSeconds);
  }

  *#set(name: string, bytes: number, ttlSeconds: number): Generator<Command> {
    this.#words.filled(bytes, 'SET', name);
    this.#words.word('EX');
    this.#words.word(`${ttlSeconds}`);
    this.#isDueIn(name, ttlSeconds);
    yield this.#words.command;
  }

  *#count(name: string, ttlSeconds: number): Generator<Command> {
    yield this.#words.words('INCR', name);
    this.#isDueIn(name, ttlSeconds);
    yield this.#words.words('EXPIRE', name, `${ttlSeconds}`);
  }

  #isDueIn(name: string, ttlSeconds: number): void {
    const dueMs = this.#words.command.timeMs + ttlSeconds * 1000;
    this.lastDueMs = Math.max(this.lastDueMs, dueMs);
    // At its end again, so that the map stays in order of time, as far as the times to live are the same.
    this.#due.delete(name);
    this.#due.set(name, dueMs);
  }
}
