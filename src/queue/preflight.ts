/** Looks at the server of a queue before anything is entrusted to it. */
import type { Redis } from 'ioredis';
import { InputError } from '../base/index.js';
import { firstConnection, type QueuePlace } from './connection.js';

const DEADLINE_MS = 10_000;
/** BullMQ's scripts use commands of this version. */
const OLDEST: readonly [number, number] = [6, 2];

/** Returns warnings about a server. Throws an InputError if it cannot be reached, or would lose cells. */
export async function preflight(option: string, place: QueuePlace): Promise<string[]> {
  const about = `${option} ${place.server.url}`;
  const redis = firstConnection(place);
  let reason: Error | undefined;
  redis.on('error', (error: Error) => {
    reason ??= error;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS / 1000} s`)), DEADLINE_MS);
  });
  try {
    return judged(about, await Promise.race([infoOf(redis), late]));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { message } = reason ?? (error as Error);
    throw new InputError(`${about}: ${message}; ${remedyFor(message)}`);
  } finally {
    clearTimeout(timer);
    redis.disconnect();
  }
}

async function infoOf(redis: Redis): Promise<Map<string, string>> {
  await redis.connect();
  const text = await redis.info();
  const pairs = text
    .split(/\r?\n/)
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return new Map(pairs);
}

function judged(about: string, info: ReadonlyMap<string, string>): string[] {
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new InputError(`${about}: is version ${version}; a queue needs Redis 6.2 or later, or Valkey`);
  }
  if (info.get('cluster_enabled') === '1') {
    throw new InputError(
      `${about}: is in cluster mode; a queue needs a server of its own, without cluster mode`,
    );
  }
  const role = info.get('role');
  if (role !== undefined && role !== 'master') {
    throw new InputError(`${about}: is a replica, which takes no writes; name its primary`);
  }
  const policy = info.get('maxmemory_policy');
  if (policy !== 'noeviction') {
    throw new InputError(
      `${about}: its maxmemory-policy is ${policy}, which would delete waiting cells when memory is short; ` +
        'set it to noeviction, or name another server',
    );
  }
  if (info.get('aof_enabled') !== '0') return [];
  return [
    `${about}: keeps no append-only file, so cells that wait are lost if it restarts, and are then queued again; ` +
      'CONFIG SET appendonly yes keeps them',
  ];
}

function remedyFor(message: string): string {
  if (/WRONGPASS|NOAUTH|invalid password|without any password/i.test(message)) {
    return 'give the password with --queue-password-file or SLABLAB_QUEUE_PASSWORD, and the user in the URL';
  }
  if (/NOPERM/.test(message)) return "let the user run it; docs/scale.md lists a user's least rights";
  if (/certificate|self-signed|altname/i.test(message)) {
    return 'give the certificate of its authority with --queue-ca';
  }
  if (/LOADING/.test(message)) return 'wait until it has loaded its data';
  return 'name a server that runs and can be reached from here';
}
