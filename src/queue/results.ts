/** Results on their way from workers to the producer: each is kept once, by the first worker that has it. */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { type SweepCell, textWithoutTiming } from '../sweep/node.js';
import type { QueueKeys } from './keys.js';
import { KEPT_SECONDS } from './sweep-record.js';

/** A finished cell as a worker sends it. */
export interface SentCell {
  readonly cell: SweepCell;
  /** Notes of the input. */
  readonly notes: readonly string[];
  /** Whether the cell lost its worker in its last try, so that it is not kept in a journal. */
  readonly isLost: boolean;
  /** The name of the worker. */
  readonly worker: string;
}

/** The digest of a result, and the worker that had it first. */
export interface Mark {
  readonly digest: string;
  readonly worker: string;
}

/** Returns 0 if there is no such sweep, 1 if the result is kept, and otherwise the mark of the first result. */
const KEEP = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 0 then return redis.call('HGET', KEYS[2], ARGV[1]) end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[3])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[4], ARGV[1], ARGV[4]) end
redis.call('XADD', KEYS[5], '*', 'c', ARGV[1])
for number = 1, 5 do redis.call('EXPIRE', KEYS[number], ARGV[5]) end
return 1`;

/** Keeps a result. Returns the mark of another that was first; undefined if there was none. */
export async function keepResult(
  redis: Redis,
  keys: QueueKeys,
  id: string,
  sent: SentCell,
  recording: Buffer,
): Promise<Mark | undefined> {
  const names = [keys.sweep(id), keys.marks(id), keys.results(id), keys.recordings(id), keys.order(id)];
  const mark = `${digestOf(sent.cell)} ${sent.worker}`;
  const body = deflateRawSync(JSON.stringify(sent));
  const answer = await redis.eval(
    KEEP,
    names.length,
    ...names,
    sent.cell.cell,
    mark,
    body,
    recording,
    KEPT_SECONDS,
  );
  return typeof answer === 'string' ? parseMark(answer) : undefined;
}

/** Returns the results of these cells that the server has. */
export async function takeResults(
  redis: Redis,
  keys: QueueKeys,
  id: string,
  cells: readonly number[],
): Promise<[SentCell, Buffer | null][]> {
  const names = cells.map(String);
  const bodies = await redis.hmgetBuffer(keys.results(id), ...names);
  const recordings = await redis.hmgetBuffer(keys.recordings(id), ...names);
  return bodies.flatMap((body, index) => {
    if (body === null) return [];
    const sent = JSON.parse(inflateRawSync(body).toString('utf8')) as SentCell;
    return [[sent, recordings[index] ?? null] as [SentCell, Buffer | null]];
  });
}

/** Removes results that the producer has kept. Their marks stay, so that none is counted twice. */
export async function dropResults(
  redis: Redis,
  keys: QueueKeys,
  id: string,
  cells: readonly number[],
): Promise<void> {
  if (cells.length === 0) return;
  await redis.hdel(keys.results(id), ...cells.map(String));
  await redis.hdel(keys.recordings(id), ...cells.map(String));
}

/** Returns the marks of those of the cells that are finished. */
export async function marksOf(
  redis: Redis,
  keys: QueueKeys,
  id: string,
  cells: readonly number[],
): Promise<ReadonlyMap<number, Mark>> {
  if (cells.length === 0) return new Map();
  const texts = await redis.hmget(keys.marks(id), ...cells.map(String));
  return new Map(
    texts.flatMap((text, index) => (text === null ? [] : [[cells[index]!, parseMark(text)] as const])),
  );
}

/** Returns the digest of the deterministic part of a result. */
export function digestOf(cell: SweepCell): string {
  return createHash('sha256').update(textWithoutTiming(cell)).digest('hex');
}

function parseMark(text: string): Mark {
  const [digest = '', ...worker] = text.split(' ');
  return { digest, worker: worker.join(' ') };
}
