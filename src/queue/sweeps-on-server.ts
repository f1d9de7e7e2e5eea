/** Lists and cancels the sweeps of a queue. */
import type { Redis } from 'ioredis';
import { InputError } from '../base/index.js';
import { connect, type QueuePlace } from './connection.js';
import { openQueue } from './jobs.js';
import { QueueKeys } from './keys.js';
import { type LiveWorker, liveWorkers } from './live-workers.js';
import { removeFile, type SentInput } from './sent-input.js';
import { loadSweep, type PlannedGrid, type SweepPlan, stateOf } from './sweep-record.js';

interface ListedSweep {
  readonly id: string;
  readonly input: string;
  readonly state: string;
  readonly cells: number;
  readonly finished: number;
  readonly version: string;
}

export interface QueueListing {
  readonly schema: 'slablab.queue/1';
  readonly sweeps: readonly ListedSweep[];
  readonly workers: readonly LiveWorker[];
  /** Numbers of slices. Failed ones were stalled or lost their thread too often. */
  readonly slices: { readonly waiting: number; readonly running: number; readonly failed: number };
}

/** Calls `use` with a connection, which ends after it. */
async function withServer<T>(
  place: QueuePlace,
  use: (redis: Redis, keys: QueueKeys) => Promise<T>,
): Promise<T> {
  const redis = connect(place);
  try {
    return await use(redis, new QueueKeys(place.prefix));
  } finally {
    redis.disconnect();
  }
}

export function listQueue(place: QueuePlace): Promise<QueueListing> {
  return withServer(place, async (redis, keys) => {
    const sweeps: ListedSweep[] = [];
    const queues = new Set<string>();
    for (const id of (await redis.smembers(keys.sweeps)).sort()) {
      const plan = await loadSweep(redis, keys, id);
      if (plan === undefined) continue;
      queues.add(plan.queue);
      sweeps.push({
        id,
        input: plan.title,
        state: (await stateOf(redis, keys, id)) ?? 'gone',
        cells: plan.header.cells,
        finished: await redis.hlen(keys.marks(id)),
        version: plan.contract.version,
      });
    }
    const workers = await liveWorkers(redis, keys);
    for (const { queue } of workers) queues.add(queue);
    return { schema: 'slablab.queue/1', sweeps, workers, slices: await slicesIn(redis, keys, [...queues]) };
  });
}

async function slicesIn(
  redis: Redis,
  keys: QueueKeys,
  names: readonly string[],
): Promise<QueueListing['slices']> {
  const slices = { waiting: 0, running: 0, failed: 0 };
  for (const name of names) {
    const queue = openQueue(redis, keys, name);
    const counts = await queue.getJobCounts('prioritized', 'waiting', 'delayed', 'active', 'failed');
    slices.waiting += (counts.prioritized ?? 0) + (counts.waiting ?? 0) + (counts.delayed ?? 0);
    slices.running += counts.active ?? 0;
    slices.failed += counts.failed ?? 0;
    await queue.close();
  }
  return slices;
}

/** Cancels a sweep. Workers stop its cells within a second, and its producer ends with the cells that it has. */
export function cancelSweep(place: QueuePlace, id: string): Promise<void> {
  return withServer(place, async (redis, keys) => {
    if ((await stateOf(redis, keys, id)) === undefined) throw await unknownSweep(redis, keys, '--cancel', id);
    await redis.hset(keys.sweep(id), 'state', 'cancelled');
  });
}

/** Returns the plan of a sweep that a producer attaches to. */
export function planOf(place: QueuePlace, id: string): Promise<SweepPlan & { readonly grid: PlannedGrid }> {
  return withServer(place, async (redis, keys) => {
    const plan = await loadSweep(redis, keys, id);
    if (plan === undefined) throw await unknownSweep(redis, keys, '--attach', id);
    const { grid, title } = plan;
    if (grid !== null) return { ...plan, grid };
    throw new InputError(
      `--attach ${id}: these are cells of \`slablab ${title}\`, which are collected by that command alone; repeat it`,
    );
  });
}

/** Removes the inputs that no sweep of the queue needs. */
export function dropInputs(place: QueuePlace, inputs: readonly SentInput[]): Promise<void> {
  return withServer(place, (redis, keys) => removeUnneeded(redis, keys, inputs));
}

/** Removes the files of inputs, but for those that a sweep on the server needs. */
export async function removeUnneeded(
  redis: Redis,
  keys: QueueKeys,
  inputs: readonly SentInput[],
): Promise<void> {
  if (inputs.length === 0) return;
  const needed = new Set<string>();
  for (const id of await redis.smembers(keys.sweeps)) {
    for (const { files } of (await loadSweep(redis, keys, id))?.inputs ?? []) {
      for (const { sha256 } of files) needed.add(sha256);
    }
  }
  for (const { files } of inputs) {
    for (const { sha256 } of files) if (!needed.has(sha256)) await removeFile(redis, keys, sha256);
  }
}

async function unknownSweep(redis: Redis, keys: QueueKeys, option: string, id: string): Promise<InputError> {
  const ids = (await redis.smembers(keys.sweeps)).sort();
  const there = ids.length === 0 ? 'it has none' : `it has ${ids.join(', ')}`;
  return new InputError(
    `${option} ${id}: the queue has no such sweep; ${there}; \`slablab queue\` lists them`,
  );
}
