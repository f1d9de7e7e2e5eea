/** What a worker of a sweep does: it produces a stream once for many cells, and runs cells. */
import type { BuildInfo, Engine } from '../../engine/engine.js';
import { EngineError, LabEngine, OutOfMemoryError, openEngine } from '../../engine/index.js';
import { InputError, Kind } from '../../trace/index.js';
import { OpsFileWriter, openOpsFile } from '../../trace/ops-file/disk.js';
import type { Cell } from '../grid/grid.js';
import { openStream, type StreamPlan } from '../grid/stream-plan.js';
import { describeFailure, run } from '../run.js';
import type { RunFailure, RunResult } from '../run-result.js';
import type { RunSource } from '../source.js';

/** A stream in a file, for every cell that can share it. */
export interface SpilledStream {
  readonly path: string;
  /** Commands complete at each survey: position and count, ascending. */
  readonly commands: readonly (readonly [number, number])[];
  /** What the source had to say when all of it had been read. */
  readonly notes: readonly string[];
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
   * Null if the stream breaks off, cannot be kept, or depends on more of the allocator than a model sees: each cell then
   * makes its own, and says how far it gets.
   */
  spill(plan: StreamPlan, build: BuildInfo, path: string): Promise<SpilledStream | null>;
  run(cell: Cell, stream: SpilledStream | null): Promise<CellOutcome>;
}

export const cellService: CellService = {
  async spill(plan, build, path) {
    try {
      const source = await openStream(plan);
      try {
        if (!source.isModelled) return null;
        const commands = await writeStream(source, build, path);
        return { path, commands, notes: source.notes?.() ?? [] };
      } finally {
        await source.close();
      }
    } catch (error) {
      if (error instanceof InputError || (error instanceof Error && 'syscall' in error)) return null;
      throw error;
    }
  },

  async run(cell, stream) {
    const outcome = await runCell(cell, stream);
    // Commands are known for each survey that was planned. Where memory ran out was not.
    const isUnplanned = outcome.error?.name === OutOfMemoryError.name && stream !== null;
    return isUnplanned ? runCell(cell, null) : outcome;
  },
};

async function writeStream(
  source: RunSource,
  build: BuildInfo,
  path: string,
): Promise<SpilledStream['commands']> {
  const writer = await OpsFileWriter.create(path, source.metadata);
  const commands: [number, number][] = [];
  const note = (position: number) => commands.push([position, source.commandsUpTo(position)]);
  let end = 0;
  try {
    for await (const chunk of source.open(build)) {
      end = chunk.firstPosition + chunk.length;
      // An engine's position at a survey is just behind it.
      for (let index = 0; index < chunk.length; index++) {
        if (((chunk.what[index] as number) & 0xff) === Kind.sweep) note(chunk.firstPosition + index + 1);
      }
      await writer.write(chunk);
    }
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  note(end);
  await writer.finish();
  return commands;
}

async function runCell(cell: Cell, stream: SpilledStream | null): Promise<CellOutcome> {
  const { stream: plan, allocator, restMs } = cell;
  let engine: Engine | undefined;
  let source: RunSource | undefined;
  try {
    engine = await openEngine(allocator);
    source = stream === null ? await openStream(plan) : await openSpilled(plan, stream);
    const { result } = await run(source, engine, {
      ...allocator,
      settings: plan.settings,
      sweepEvery: 0,
      ...(restMs === undefined ? {} : { restMs }),
    });
    const replayMs = engine instanceof LabEngine ? engine.replayMs : 0;
    return { run: result, error: result.error ?? null, replayMs, notes: source.notes?.() ?? [] };
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof InputError)) throw error;
    return { run: null, error: describeFailure(error), replayMs: 0, notes: [] };
  } finally {
    await source?.close();
    await engine?.close();
  }
}

/** The source that the file was written from, but for where its operations come from. */
async function openSpilled(plan: StreamPlan, { path, commands, notes }: SpilledStream): Promise<RunSource> {
  const source = await openStream(plan);
  const reader = await openOpsFile(path);
  return {
    ...source,
    open: () => reader.chunks(),
    commandsUpTo: (position) => commands.filter(([at]) => at <= position).at(-1)?.[1] ?? 0,
    notes: () => notes,
    close: async () => {
      await reader.close();
      await source.close();
    },
  };
}
