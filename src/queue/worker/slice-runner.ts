/** Runs the cells of one slice on a thread, and keeps their results on the server. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { EXTENSION } from '../../recording/index.js';
import { type Cell, type CellWorker, runSlice, type SweepCell } from '../../sweep/node.js';
import type { QueueKeys } from '../keys.js';
import { digestOf, keepResult, type Mark, marksOf, type SentCell } from '../results.js';
import { untilKept } from '../until-kept.js';
import { addVerdict } from '../verifications.js';
import type { KnownSweep } from './known-sweep.js';

export interface Slice {
  readonly sweep: KnownSweep;
  readonly cells: readonly Cell[];
  readonly isVerification: boolean;
  /** Whether a cell that loses its thread is not tried again. */
  readonly isLastTry: boolean;
}

/** The means of a worker, which its slices share. */
export interface SliceMeans {
  readonly redis: Redis;
  readonly keys: QueueKeys;
  /** The name of the worker. */
  readonly name: string;
  readonly thread: CellWorker;
  /** An existing directory that no other slice uses. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onCell: (cell: SweepCell) => void;
}

/** Runs a slice. Returns the cells that lost their thread and need another try. */
export async function runOne(slice: Slice, means: SliceMeans): Promise<readonly SweepCell[]> {
  const { sweep, isVerification, isLastTry } = slice;
  const { plan, id } = sweep;
  const { redis, keys, name, directory, signal, thread, onCell } = means;
  const marks = isVerification
    ? new Map<number, Mark>()
    : await marksOf(
        redis,
        keys,
        id,
        slice.cells.map(({ cell }) => cell),
      );
  const cells = slice.cells.filter(({ cell }) => !marks.has(cell)).map(sweep.localised);
  const pathOf = (cell: number) => join(directory, `${cell}${EXTENSION}`);
  const isRecorded = plan.isRecorded && !isVerification;
  const lost: SweepCell[] = [];
  await runSlice(cells, await sweep.builds(), {
    worker: thread,
    spillDirectory: directory,
    signal,
    ...(isRecorded ? { recordTo: pathOf } : {}),
    ...(plan.cellTimeoutMs === null ? {} : { cellTimeoutMs: plan.cellTimeoutMs }),
    onOutcome: async (cell, notes, isLost) => {
      if (isLost && !isLastTry) {
        lost.push(cell);
        return;
      }
      const sent: SentCell = { cell, notes, isLost, worker: name };
      const recording = isRecorded ? await recordingAt(pathOf(cell.cell)) : Buffer.alloc(0);
      const keep = () => keepResult(redis, keys, id, sent, recording);
      if (isVerification) await verify(cell, means, sweep);
      else await compare(cell, await untilKept(keep, signal), means, sweep);
      onCell(cell);
    },
  });
  return lost;
}

/** Compares a second result of a cell with the first. */
async function compare(
  cell: SweepCell,
  first: Mark | undefined,
  means: SliceMeans,
  sweep: KnownSweep,
): Promise<void> {
  if (first === undefined || first.digest === digestOf(cell)) return;
  await judge(cell, first, means, sweep);
}

async function verify(cell: SweepCell, means: SliceMeans, sweep: KnownSweep): Promise<void> {
  const first = (await marksOf(means.redis, means.keys, sweep.id, [cell.cell])).get(cell.cell);
  if (first !== undefined) await judge(cell, first, means, sweep);
}

async function judge(cell: SweepCell, first: Mark, means: SliceMeans, { id }: KnownSweep): Promise<void> {
  const { redis, keys, name, signal } = means;
  const isEqual = first.digest === digestOf(cell);
  const verdict = { cell: cell.cell, isEqual, workers: [first.worker, name] as const };
  await untilKept(() => addVerdict(redis, keys, id, verdict), signal);
}

/** Reads a recording and removes it; an empty one if the cell has none. */
async function recordingAt(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  await rm(path, { force: true });
  return bytes;
}
