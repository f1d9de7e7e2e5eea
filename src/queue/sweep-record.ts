/** The server keeps a record of each sweep, from which a producer continues it and a worker runs its cells. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { Objective } from '../sweep/index.js';
import type { Cell, GridOutline, JournalHeader } from '../sweep/node.js';
import type { Contract } from './contract.js';
import type { QueueKeys } from './keys.js';
import type { SentInput } from './sent-input.js';

export interface SweepPlan {
  readonly header: JournalHeader;
  /** The name of the input, or what the cells are for. */
  readonly title: string;
  /** The plan of the result; null for cells of a command other than `sweep`, which collects them itself. */
  readonly grid: PlannedGrid | null;
  readonly cells: readonly Cell[];
  readonly cellTimeoutMs: number | null;
  /** Whether workers send the recording of each cell. */
  readonly isRecorded: boolean;
  readonly verifiedShare: number;
  readonly contract: Contract;
  readonly inputs: readonly SentInput[];
  /** The name of the queue that has its jobs. */
  readonly queue: string;
}

export interface PlannedGrid {
  readonly outline: GridOutline;
  readonly bestBy: Objective;
  readonly tolerance: number;
}

export type SweepState = 'running' | 'cancelled';

/** The server drops a record after this time without a change. */
export const KEPT_SECONDS = 7 * 86_400;

/** Returns the identifier of a sweep, which its journal determines. */
export function sweepId({ digest }: JournalHeader): string {
  return digest.slice(0, 16);
}

export async function publishSweep(redis: Redis, keys: QueueKeys, plan: SweepPlan): Promise<void> {
  const id = sweepId(plan.header);
  const packed = deflateRawSync(JSON.stringify(plan));
  await redis.hset(keys.sweep(id), {
    plan: packed,
    state: 'running',
    cells: plan.header.cells,
    queue: plan.queue,
  });
  await redis.expire(keys.sweep(id), KEPT_SECONDS);
  await redis.sadd(keys.sweeps, id);
}

/** Returns the plan of a sweep; undefined if the server has none. */
export async function loadSweep(redis: Redis, keys: QueueKeys, id: string): Promise<SweepPlan | undefined> {
  const packed = await redis.hgetBuffer(keys.sweep(id), 'plan');
  if (packed === null) return undefined;
  return JSON.parse(inflateRawSync(packed).toString('utf8')) as SweepPlan;
}

/** Returns the state of a sweep; undefined if the server does not know it. */
export async function stateOf(redis: Redis, keys: QueueKeys, id: string): Promise<SweepState | undefined> {
  const state = await redis.hget(keys.sweep(id), 'state');
  return state === 'running' || state === 'cancelled' ? state : undefined;
}

/** Removes all that the server keeps of a sweep, but its input. */
export async function removeSweep(redis: Redis, keys: QueueKeys, id: string): Promise<void> {
  const names = [keys.sweep(id), keys.marks(id), keys.results(id), keys.recordings(id), keys.order(id)];
  for (const name of names) await redis.unlink(name);
  await redis.srem(keys.sweeps, id);
}
