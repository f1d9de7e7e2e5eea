/** Workers report their state, which expires when they end. */
import type { Redis } from 'ioredis';
import type { QueueKeys } from './keys.js';

export interface LiveWorker {
  /** The host and the process. */
  readonly name: string;
  readonly version: string;
  /** The queue that it takes cells from. */
  readonly queue: string;
  readonly jobs: number;
  readonly running: number;
  readonly cells: number;
  /** The reason for which it does not run the cells of a sweep, by the sweep's identifier. */
  readonly refusals: Readonly<Record<string, string>>;
}

/** A worker counts as ended after this silence. */
const SILENT_SECONDS = 15;

export async function announce(redis: Redis, keys: QueueKeys, worker: LiveWorker): Promise<void> {
  await redis.set(keys.worker(worker.name), JSON.stringify(worker), 'EX', SILENT_SECONDS);
  await redis.sadd(keys.workers, worker.name);
}

export async function sayGoodbye(redis: Redis, keys: QueueKeys, name: string): Promise<void> {
  await redis.srem(keys.workers, name);
  await redis.unlink(keys.worker(name));
}

/** Returns the workers that live, by name, and forgets the others. */
export async function liveWorkers(redis: Redis, keys: QueueKeys): Promise<LiveWorker[]> {
  const names = (await redis.smembers(keys.workers)).sort();
  const found: LiveWorker[] = [];
  for (const name of names) {
    const text = await redis.get(keys.worker(name));
    if (text === null) await redis.srem(keys.workers, name);
    else found.push(JSON.parse(text) as LiveWorker);
  }
  return found;
}
