/** Connections to the server of a queue. */
import { Redis, type RedisOptions } from 'ioredis';
import type { Upstream } from '../serve/node.js';

type Options = Omit<RedisOptions, 'replyMapping'>;

/** The place of a queue: a server, and the prefix of all keys that slablab has there. */
export interface QueuePlace {
  readonly server: Upstream;
  readonly prefix: string;
}

const MAX_RETRY_MS = 2000;
const CONNECT_MS = 5000;

/** Opens a connection that reconnects by itself, and whose commands wait for it. */
export function connect(
  place: QueuePlace,
  onError: (error: Error) => void = () => {},
  isEnding: () => boolean = () => false,
): Redis {
  const options: Options = {
    ...optionsOf(place),
    maxRetriesPerRequest: null,
    // Copies of the connection have the same strategy, so that none keeps the process.
    retryStrategy: (times) => (isEnding() ? null : Math.min(100 * times, MAX_RETRY_MS)),
  };
  const redis = new Redis(options);
  redis.on('error', onError);
  return redis;
}

/** Returns a connection that fails at its first difficulty. It is opened by connect(). */
export function firstConnection(place: QueuePlace): Redis {
  const options: Options = {
    ...optionsOf(place),
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  };
  return new Redis(options);
}

function optionsOf({ server }: QueuePlace): Options {
  const { path, host, port, tls, user, password, database } = server;
  return {
    ...(path === undefined ? { host, port } : { path }),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls: { ...tls } }),
    // Replies have one shape on all servers.
    protocol: 2,
    db: database,
    connectTimeout: CONNECT_MS,
  };
}
