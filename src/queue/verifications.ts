/** The cells of a sweep that are run on two workers, whose results must be equal. */
import type { Redis } from 'ioredis';
import type { QueueKeys } from './keys.js';

export interface Verdict {
  readonly cell: number;
  readonly isEqual: boolean;
  /** The workers that ran the cell. */
  readonly workers: readonly [string, string];
}

/** Returns the cells to verify: a share of them, spread over the grid. */
export function cellsToVerify(cells: readonly number[], share: number): number[] {
  const count = Math.ceil(cells.length * share);
  return Array.from({ length: count }, (_, index) => cells[Math.floor((index * cells.length) / count)]!);
}

export async function addVerdict(redis: Redis, keys: QueueKeys, id: string, verdict: Verdict): Promise<void> {
  await redis.hset(verdictsOf(keys, id), String(verdict.cell), JSON.stringify(verdict));
}

export async function readVerdicts(redis: Redis, keys: QueueKeys, id: string): Promise<Verdict[]> {
  const texts = await redis.hgetall(verdictsOf(keys, id));
  return Object.values(texts).map((text) => JSON.parse(text) as Verdict);
}

export async function removeVerdicts(redis: Redis, keys: QueueKeys, id: string): Promise<void> {
  await redis.unlink(verdictsOf(keys, id));
}

function verdictsOf(keys: QueueKeys, id: string): string {
  return `${keys.sweep(id)}:v`;
}
