/** Lets commands other than `sweep` run what they measure on the workers of a queue. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '../base/index.js';
import { ReconciliationError } from '../engine/index.js';
import { preflight, QueuedCells } from '../queue/node.js';
import type { Replay, Replayed, Replayer } from '../remedy/index.js';
import type { RunFailure } from '../run/index.js';
import { openStream, type StreamPlan } from '../run/node.js';
import type { Cell, SweepCell } from '../sweep/node.js';
import type { Interruption } from './abort-on-signals.js';
import type { CommonOptions } from './command-result.js';
import { printMessage } from './output.js';
import { type QueueOptions, queuePlaceOf } from './queue-options.js';
import type { SubjectOptions } from './run-options.js';
import { withFileError } from './subject-argument.js';
import { version } from './version.js';

/** Calls `use` with the queue that an option names, after a look at its server. */
export async function withCellsOnQueue<T>(
  url: string,
  title: string,
  options: QueueOptions & CommonOptions,
  interruption: Interruption,
  use: (queued: QueuedCells) => Promise<T>,
): Promise<T> {
  const place = queuePlaceOf('--queue', url, options);
  const note = (text: string) => {
    if (options.quiet !== true) printMessage(text);
  };
  for (const warning of await preflight('--queue', place)) note(warning);
  const { signal } = interruption;
  const queued = new QueuedCells(place, { version: version(), title, onNote: note, signal });
  try {
    return await use(queued);
  } finally {
    await queued.close();
  }
}

/** Returns what replays an input on a queue. Replays that are asked for at a time run side by side. */
export async function replayerOn(
  queued: QueuedCells,
  plan: StreamPlan,
  { runtime }: Pick<SubjectOptions, 'runtime'>,
  interruption: Interruption,
): Promise<Replayer> {
  const input = plan.subject.kind === 'workload' ? plan.subject.name : plan.subject.path;
  const source = await withFileError(input, () => openStream(plan));
  const { inputKind } = source;
  await source.close();
  let waiting: { readonly replay: Replay; readonly outcome: Outcome }[] = [];
  const flush = async () => {
    await nextTurn();
    const batch = waiting;
    waiting = [];
    try {
      const cells = batch.map(({ replay }, cell) => cellOf(replay, cell, plan, runtime));
      const finished = await queued.run(cells);
      interruption.signal.throwIfAborted();
      for (const [index, { outcome }] of batch.entries()) settle(outcome, finished[index]!, inputKind);
    } catch (error) {
      for (const { outcome } of batch) outcome.reject(error);
    }
  };
  return (replay) =>
    new Promise<Replayed>((resolve, reject) => {
      waiting.push({ replay, outcome: { resolve, reject } });
      if (waiting.length === 1) void flush();
    });
}

interface Outcome {
  readonly resolve: (replayed: Replayed) => void;
  readonly reject: (error: unknown) => void;
}

function settle({ resolve, reject }: Outcome, { run, error }: SweepCell, inputKind: Replayed['inputKind']) {
  if (error !== null) reject(errorOf(error));
  else resolve({ result: run!, inputKind });
}

/** Returns the error that a replay here would have thrown. */
function errorOf({ name, message }: RunFailure): Error {
  return name === 'ReconciliationError' ? new ReconciliationError(message) : new InputError(message);
}

function cellOf(
  { setup, hooks, ...change }: Replay,
  cell: number,
  plan: StreamPlan,
  runtime: SubjectOptions['runtime'],
): Cell {
  const { server, build, conf, settings } = setup;
  return {
    cell,
    values: {},
    stream: { ...plan, server, settings },
    allocator: { build, conf, hooks, runtime },
    change,
  };
}
