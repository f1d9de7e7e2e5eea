import { InputError } from '../../base/index.js';
import { type BuildInfo, type Engine, EngineError, LabEngine, OutOfMemoryError } from '../../engine/index.js';
import { openEngine } from '../../engine/node.js';
import type { Gaps } from '../../model/index.js';
import { isSystemError, OutputError } from '../../output/node.js';
import { RecordingFile } from '../../recording/node.js';
import {
  describeFailure,
  RunAccounts,
  type RunFailure,
  type RunResult,
  type RunSource,
  run,
  runHeader,
} from '../../run/index.js';
import { openStream, type StreamPlan } from '../../run/node.js';
import { Kind, type OpChunk } from '../../stream/index.js';
import type { Cell } from '../grid/grid.js';
import { runChanged } from './changed-cell.js';
import { RestOfStream, readRest } from './rest-of-stream.js';
import { StreamMemory } from './stream-memory.js';

/** The place of a kept stream: shared memory, and a file for the part that does not fit. */
export interface StreamPlace {
  readonly buffer: SharedArrayBuffer;
  readonly path: string;
}

/** A stream that was kept for all cells that share it. */
export interface KeptStream extends StreamPlace {
  /** Lengths of the chunks in memory. */
  readonly lengths: readonly number[];
  readonly hasFile: boolean;
  /** Commands complete at each survey: position and count, ascending. */
  readonly commands: readonly (readonly [number, number])[];
  /** Notes of the source after all of it was read. */
  readonly notes: readonly string[];
  /** The commands that could not be carried out. */
  readonly gaps: Gaps | undefined;
}

/** A failed run has what it measured before, and its error in it; one that never started has only the error. */
export interface CellOutcome {
  readonly run: RunResult | null;
  readonly error: RunFailure | null;
  /** Inside the allocator. Not deterministic. */
  readonly replayMs: number;
  readonly notes: readonly string[];
}

export interface CellService {
  /**
   * Produces and keeps a stream. Returns null if it has an error, cannot be kept, or depends on more of the allocator than
   * AllocatorView. Each cell then produces its own stream and reports its own error.
   */
  keep(plan: StreamPlan, build: BuildInfo, place: StreamPlace): Promise<KeptStream | null>;
  /** Runs a cell. Its recording is written to `recordTo`, if that is given. */
  run(cell: Cell, stream: KeptStream | null, recordTo?: string): Promise<CellOutcome>;
}

export const cellService: CellService = {
  async keep(plan, build, place) {
    try {
      const source = await openStream(plan);
      try {
        if (!source.isModelled) return null;
        const written = await writeStream(source, build, place);
        const gaps = source.gaps?.();
        return { ...place, ...written, notes: source.notes?.() ?? [], gaps: gaps && copyOf(gaps) };
      } finally {
        await source.close();
      }
    } catch (error) {
      // On a full disk, too, a cell can still be run from its own stream.
      if (error instanceof InputError || error instanceof OutputError || isSystemError(error)) return null;
      throw error;
    }
  },

  async run(cell, stream, recordTo) {
    const outcome = await runCell(cell, stream, recordTo);
    // Commands are known for each survey that was planned. Where memory ran out was not.
    const isUnplanned = outcome.error?.name === OutOfMemoryError.name && stream !== null;
    return isUnplanned ? runCell(cell, null, recordTo) : outcome;
  },
};

async function writeStream(
  source: RunSource,
  build: BuildInfo,
  { buffer, path }: StreamPlace,
): Promise<Pick<KeptStream, 'lengths' | 'hasFile' | 'commands'>> {
  const memory = new StreamMemory(buffer);
  let file: RestOfStream | undefined;
  const commands: [number, number][] = [];
  const note = (position: number) => commands.push([position, source.commandsUpTo(position)]);
  let end = 0;
  try {
    for await (const chunk of source.open(build)) {
      end = chunk.firstPosition + chunk.length;
      // The position of a survey is one past its sweep operation.
      for (let index = 0; index < chunk.length; index++) {
        if ((chunk.what[index]! & 0xff) === Kind.sweep) note(chunk.firstPosition + index + 1);
      }
      if (file === undefined && memory.add(chunk)) continue;
      file ??= await RestOfStream.create(path, source.metadata, chunk.firstPosition);
      await file.write(chunk);
    }
  } catch (error) {
    await file?.abandon();
    throw error;
  }
  note(end);
  await file?.finish();
  return { lengths: memory.lengths, hasFile: file !== undefined, commands };
}

async function runCell(cell: Cell, stream: KeptStream | null, recordTo?: string): Promise<CellOutcome> {
  const { stream: plan, allocator, restMs } = cell;
  let engine: Engine | undefined;
  let source: RunSource | undefined;
  let recording: RecordingFile | undefined;
  const unwritten: string[] = [];
  try {
    if (cell.change !== undefined) return await runChanged(cell, cell.change);
    engine = await openEngine(allocator);
    const accounts = cell.accounts === undefined ? undefined : new RunAccounts(cell.accounts);
    source = stream === null ? await openStream(plan, { accounts }) : await openKept(plan, stream);
    const options = { ...allocator, settings: plan.settings };
    const about = runHeader(source, engine, options);
    const { info } = engine;
    const lost = (error: unknown) => {
      if (!(error instanceof OutputError)) throw error;
      unwritten.push(`cell ${cell.cell}: recording not written: ${error.message}`);
      return undefined;
    };
    if (recordTo !== undefined) recording = await RecordingFile.create(recordTo, about, info).catch(lost);
    const { result } = await run(source, engine, {
      ...options,
      accounts,
      sweepEvery: 0,
      restMs,
      onSnapshot: (phase, snapshot, owners) => recording?.frame({ phase, snapshot, owners }),
    });
    await recording?.finish(result).catch(lost);
    recording = undefined;
    const replayMs = engine instanceof LabEngine ? engine.replayMs : 0;
    return {
      run: result,
      error: result.error ?? null,
      replayMs,
      notes: [...(source.notes?.() ?? []), ...unwritten],
    };
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof InputError)) throw error;
    return { run: null, error: describeFailure(error), replayMs: 0, notes: [] };
  } finally {
    await recording?.abandon();
    await source?.close();
    await engine?.close();
  }
}

/** The source that the stream was made by, but for where its operations come from. */
async function openKept(plan: StreamPlan, stream: KeptStream): Promise<RunSource> {
  const { commands, notes, gaps } = stream;
  const source = await openStream(plan);
  return {
    ...source,
    open: () => chunksOf(stream),
    commandsUpTo: (position) => commands.filter(([at]) => at <= position).at(-1)?.[1] ?? 0,
    notes: () => notes,
    gaps: () => gaps,
  };
}

/** Returns plain data, which a worker can send. */
function copyOf({ count, first }: Gaps): Gaps {
  return { count, first: [...first] };
}

async function* chunksOf({ buffer, lengths, hasFile, path }: KeptStream): AsyncGenerator<OpChunk, void> {
  const memory = new StreamMemory(buffer, lengths);
  yield* memory.chunks();
  if (hasFile) yield* readRest(path, memory.operations);
}
