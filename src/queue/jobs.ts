/** The jobs of a queue, each of which is a slice of cells that share a stream. */
import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueKeys } from './keys.js';

export interface SliceJob {
  readonly sweep: string;
  readonly cells: readonly number[];
  /** Whether the cells were run before, and are run again on another worker to be compared. */
  readonly isVerification: boolean;
}

export type CellsQueue = Queue<SliceJob, null, string>;

/** Tries of a slice whose thread was lost, and workers that may be lost with a slice. */
export const TRIES = 3;
/** Time between tries. */
const BACKOFF_MS = 500;
const MAX_PRIORITY = 2_097_151;
/** Events are for lines of progress only, so few are kept. */
const KEPT_EVENTS = 1000;
const JOBS_AT_ONCE = 500;

/** Returns the queue of this name on a connection, which the caller ends. */
export function openQueue(redis: Redis, keys: QueueKeys, name: string): CellsQueue {
  const queue: CellsQueue = new Queue(name, {
    connection: redis,
    prefix: keys.engine,
    streams: { events: { maxLen: KEPT_EVENTS } },
  });
  // The connection reports the same error, and reconnects by itself.
  queue.on('error', () => {});
  return queue;
}

/** Adds slices whose names are not in the queue yet. The next sweep shares the workers with those that run. */
export async function addSlices(
  queue: CellsQueue,
  slices: readonly { readonly name: string; readonly job: SliceJob }[],
): Promise<void> {
  const [first] = await queue.getPrioritized(0, 0);
  const base = first?.opts.priority ?? 1;
  for (let at = 0; at < slices.length; at += JOBS_AT_ONCE) {
    const batch = slices.slice(at, at + JOBS_AT_ONCE).map(({ name, job }, index) => ({
      name: 'cells',
      data: job,
      opts: optionsOf(name, Math.min(MAX_PRIORITY, base + at + index)),
    }));
    await queue.addBulk(batch);
  }
}

function optionsOf(name: string, priority: number): JobsOptions {
  return {
    jobId: name,
    priority,
    attempts: TRIES,
    backoff: { type: 'fixed', delay: BACKOFF_MS },
    removeOnComplete: true,
    removeOnFail: false,
  };
}
