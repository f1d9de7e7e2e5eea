import { pinReport, regionsByRow, type SlabOwners, slabOwners, typeProfile } from '../analysis/index.js';
import { InputError, InterruptedError } from '../base/index.js';
import {
  type Engine,
  EngineError,
  type HookMode,
  OutOfMemoryError,
  type Snapshot,
  StreamError,
} from '../engine/index.js';
import { copyOfRange, Kind, type OpChunk, OpWriter } from '../stream/index.js';
import { certaintyOf } from './certainty.js';
import { PhaseCollector } from './phase-collector.js';
import type { PhaseCopies } from './run-accounts.js';
import { RUN_SCHEMA, type RunFailure, type RunHeader, type RunResult } from './run-result.js';
import type { RunSource } from './run-source.js';
import { savedMemorySentences } from './saved-memory.js';

export interface RunOptions {
  /** Configuration and hook placement that the engine was booted with, for the result. */
  readonly conf: string;
  readonly hooks: HookMode;
  /** Settings of the modelled server that the source was opened with, for the result. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Interval in operations of extra phases `sweep-1`, `sweep-2`, …; 0: none. */
  readonly sweepEvery: number;
  /** The accounts that the source was opened with, if phases are to have accounts. */
  readonly accounts?: PhaseCopies | undefined;
  /** Virtual milliseconds of decay after the stream, which end with a phase `rested`. */
  readonly restMs?: number | undefined;
  /** Receives the stream as it is replayed. The caller finishes or abandons the file. */
  readonly saveTo?: { write(chunk: OpChunk): Promise<void> } | undefined;
  readonly onProgress?: (operations: number) => void;
  /** Called between steps, and awaited. It ends the run with what there is by throwing an InterruptedError. */
  readonly beforeStep?: () => Promise<void>;
  /**
   * Called for each extra sweep, of which the result keeps only totals. A promise that it returns is awaited. After that
   * the memory of the snapshot's columns is reused.
   */
  readonly onExtraSweep?: (name: string, snapshot: Snapshot) => unknown;
  /**
   * Called for each phase of the source, and awaited. The owners are null unless the accounts have owners and the model
   * reached the end of the phase.
   */
  readonly onSnapshot?: (phase: string, snapshot: Snapshot, owners: SlabOwners | null) => unknown;
}

/** The errors that end a run early, with the phases before them as its result. */
type EndOfRun = EngineError | InputError | InterruptedError;

export interface RunOutcome {
  readonly result: RunResult;
  /** The error that ended the run early, or null. The result has the phases before it. */
  readonly failure: EndOfRun | null;
  /** Number of operations replayed, including those after the last phase. */
  readonly operations: number;
}

/** Streams a source into an engine and collects the phases. The caller has opened both and closes both. */
export async function run(source: RunSource, engine: Engine, options: RunOptions): Promise<RunOutcome> {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const replay = new Replay(source, engine, options);
  const failure = await replay.all();
  const wallMs = performance.now() - started;
  const error = failure === null ? undefined : describeFailure(failure);
  const operations = error?.position ?? replay.position;
  const known = source.known?.(replay.phases);
  const gaps = source.gaps?.();
  const result: RunResult = {
    schema: RUN_SCHEMA,
    ...runHeader(source, engine, options),
    certainty: certaintyOf(source)?.concat(
      savedMemorySentences(source.savedMemory, replay.phases, engine.info),
    ),
    phases: replay.phases,
    known,
    gaps: gaps === undefined || gaps.count === 0 ? undefined : { count: gaps.count, first: [...gaps.first] },
    error,
    timing: { startedAt, wallMs, operationsPerSecond: operations / (wallMs / 1000) },
  };
  return { result, failure, operations };
}

/** Returns the description of the experiment. */
export function runHeader(
  {
    metadata: { workload, server, parameters },
  }: { readonly metadata: Pick<RunSource['metadata'], 'workload' | 'server' | 'parameters'> },
  { info, runtime }: Engine,
  { conf, hooks, settings = {} }: Pick<RunOptions, 'conf' | 'hooks' | 'settings'>,
): RunHeader {
  return {
    workload,
    parameters,
    server,
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    build: info.build,
    jemalloc: info.jemallocVersion,
    conf,
    options: info.options,
    hooks,
    runtime,
  };
}

class Replay {
  /** Number of operations replayed. */
  position = 0;
  readonly #source: RunSource;
  readonly #engine: Engine;
  readonly #options: RunOptions;
  readonly #collector: PhaseCollector;
  /** Live bytes that the server does not count as used_memory. */
  readonly #foreignBytes: number;
  #extraSweeps = 0;

  constructor(source: RunSource, engine: Engine, options: RunOptions) {
    this.#source = source;
    this.#engine = engine;
    this.#options = options;
    this.#foreignBytes = source.foreignBytes?.(engine.info) ?? 0;
    this.#collector = new PhaseCollector((position) => source.commandsUpTo(position));
  }

  get phases() {
    return this.#collector.phases;
  }

  /** Replays the source. Returns the error that ended it early, or null. Throws other errors, which are defects. */
  async all(): Promise<EndOfRun | null> {
    try {
      await this.#chunks();
      if (this.#source.hasEndPhase) {
        await this.#collect('end', await this.#engine.survey(this.#source.metadata.phases.length));
      }
      if (this.#options.restMs !== undefined) await this.#rest(this.#options.restMs);
      return null;
    } catch (error) {
      if (error instanceof EngineError) {
        for (const snapshot of error.snapshots) await this.#collectSweep(snapshot);
        // The last phase shows the memory that was exhausted.
        return error instanceof OutOfMemoryError ? await this.#lastPhase('out-of-memory', error) : error;
      }
      if (error instanceof InterruptedError) return await this.#lastPhase('interrupted', error);
      if (!(error instanceof InputError)) throw error;
      return this.#source.hasEndPhase ? await this.#lastPhase('incomplete', error) : error;
    }
  }

  /** Adds a phase with the state at which a run ended early. Returns the error, or that of the survey. */
  async #lastPhase<Failure extends EndOfRun>(name: string, error: Failure): Promise<Failure | EngineError> {
    try {
      await this.#collect(name, await this.#engine.survey(this.#source.metadata.phases.length));
      return error;
    } catch (surveyError) {
      if (surveyError instanceof EngineError) return surveyError;
      throw surveyError;
    }
  }

  /** Replays all chunks. An engine in a worker or process replays a chunk while the next one is produced. */
  async #chunks(): Promise<void> {
    let replaying = Promise.resolve();
    try {
      for await (const chunk of this.#source.open(this.#engine.info)) {
        await this.#options.saveTo?.write(chunk);
        await replaying;
        await this.#options.beforeStep?.();
        replaying = this.#chunk(chunk);
        // The rejection is handled in the next iteration, and must not count as unhandled until then.
        replaying.catch(() => {});
      }
    } finally {
      // An error of the engine replaces one of reading, since it is earlier in the stream.
      await replaying;
    }
  }

  /** The replay of the first piece begins at once, since the source is about to produce the next chunk in one go. */
  async #chunk(chunk: OpChunk): Promise<void> {
    const { sweepEvery } = this.#options;
    for (const piece of cutEvery(sweepEvery, chunk)) {
      if (piece.firstPosition > chunk.firstPosition) await this.#options.beforeStep?.();
      const end = piece.firstPosition + piece.length;
      for (const part of this.#options.accounts?.hasOwners === true ? cutAtSweeps(piece) : [piece]) {
        for (const snapshot of await this.#engine.replay(part, true)) await this.#collectSweep(snapshot);
      }
      this.position = end;
      if (sweepEvery > 0 && end % sweepEvery === 0) await this.#sweepBetween();
    }
    // This lets the log of commands drop what has been replayed, so its size does not depend on the run's length.
    this.#source.commandsUpTo(this.position);
    this.#options.onProgress?.(this.position);
  }

  async #rest(restMs: number): Promise<void> {
    for (const chunk of this.#source.rest?.(restMs) ?? this.#decayOf(restMs)) {
      await this.#options.beforeStep?.();
      await this.#engine.replay(chunk);
      this.position += chunk.length;
    }
    await this.#collect('rested', await this.#engine.survey(this.#source.metadata.phases.length));
  }

  *#decayOf(restMs: number): Generator<OpChunk, void> {
    const { position } = this;
    for (const chunk of restOf(restMs)) yield { ...chunk, firstPosition: position + chunk.firstPosition };
  }

  async #sweepBetween(): Promise<void> {
    this.#extraSweeps++;
    const number = this.#source.metadata.phases.length + this.#extraSweeps;
    const name = `sweep-${this.#extraSweeps}`;
    const snapshot = this.#asServerCounts(await this.#engine.survey(number));
    this.#collector.add(name, snapshot);
    await this.#options.onExtraSweep?.(name, snapshot);
    this.#engine.giveBack(snapshot);
  }

  #collectSweep(snapshot: Snapshot): Promise<void> {
    return this.#collect(this.#source.metadata.phases[snapshot.phase] ?? `phase-${snapshot.phase}`, snapshot);
  }

  async #collect(name: string, surveyed: Snapshot): Promise<void> {
    const { accounts, onSnapshot } = this.#options;
    const snapshot = this.#asServerCounts(surveyed);
    // The copy was made when the model reached this position in the stream.
    const copy = accounts?.takeCopy(name);
    const types = copy?.accounts === undefined ? {} : { types: typeProfile(copy.accounts) };
    const attribution = copy?.attribution ?? copy?.accounts?.attribution;
    if (attribution === undefined) {
      this.#collector.add(name, snapshot, types);
      await onSnapshot?.(name, snapshot, null);
      return;
    }
    const { granules, virtualMs } = snapshot;
    const { info } = this.#engine;
    const regions = regionsByRow(granules, await this.#engine.locate());
    const { tally, ofTrace = {} } = copy!;
    const pins = pinReport({
      granules,
      virtualMs,
      regions,
      attribution,
      info,
      tally,
      slab: accounts?.slab,
    });
    const owners = { ...pins, ...ofTrace };
    this.#collector.add(name, snapshot, { ...types, owners });
    await onSnapshot?.(name, snapshot, slabOwners({ granules, regions, attribution }));
  }

  #asServerCounts(snapshot: Snapshot): Snapshot {
    const { memory } = snapshot;
    return { ...snapshot, memory: { ...memory, usedMemory: memory.usedMemory - this.#foreignBytes } };
  }
}

/** Cuts a chunk after each sweep, so that regions can be located before the stream continues. */
function* cutAtSweeps(chunk: OpChunk): Generator<OpChunk> {
  let from = 0;
  for (let at = 0; at < chunk.length; at++) {
    if ((chunk.what[at]! & 0xff) !== Kind.sweep) continue;
    yield copyOfRange(chunk, from, at + 1);
    from = at + 1;
  }
  if (from < chunk.length) yield from === 0 ? chunk : copyOfRange(chunk, from, chunk.length);
}

/** Approximate interval in which jemalloc's background thread purges, in virtual milliseconds. */
const DECAY_STEP_MS = 100;

/** Returns operations for a rest without allocations. Decay continues, since servers enable jemalloc's background thread. */
function restOf(restMs: number): OpChunk[] {
  const writer = new OpWriter();
  for (let rest = restMs; rest > 0; rest -= DECAY_STEP_MS) {
    writer.advance(Math.min(rest, DECAY_STEP_MS));
    writer.decay();
  }
  return writer.takeAll();
}

/** Cuts a chunk at multiples of `every` operations of the whole stream. */
function* cutEvery(every: number, chunk: OpChunk): Generator<OpChunk> {
  if (every === 0) {
    yield chunk;
    return;
  }
  for (let from = 0; from < chunk.length; ) {
    const toNext = every - ((chunk.firstPosition + from) % every);
    const to = Math.min(chunk.length, from + toNext);
    yield copyOfRange(chunk, from, to);
    from = to;
  }
}

export function describeFailure(failure: EndOfRun): RunFailure {
  const isPositioned = failure instanceof StreamError || failure instanceof OutOfMemoryError;
  return { name: failure.name, message: failure.message, position: isPositioned ? failure.position : null };
}
