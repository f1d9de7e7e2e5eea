/** Struct sizes and fixed policies of a server version, for a 64-bit build (LP64). Bytes unless a name says otherwise. */
export interface ServerVersion {
  readonly name: string;
  /** The allocator that this version bundles. */
  readonly defaultBuild: string;
  readonly pointer: number;
  readonly object: number;
  readonly dict: number;
  readonly dictEntry: number;
  readonly dictInitialBuckets: number;
  readonly list: number;
  readonly listNode: number;
  readonly client: number;
  readonly connection: number;
  /** Room that the first read from a client asks its query buffer for. */
  readonly queryBufferRead: number;
  readonly replyBuffer: number;
  /** Longest string that shares one allocation with its object. */
  readonly embeddedStringLimit: number;
  /** Slots that an argument array is allocated for at most, however many arguments a command announces. */
  readonly maxInitialArguments: number;
  /** HDR histogram that each command gets at its first call: 3,072 counters of 8 bytes, and its head. */
  readonly latencyCounters: number;
  readonly latencyHistogram: number;
}

// redis-7.2: read in 7.2.6 (server.h, dict.c, adlist.h, connection.h, hdr_histogram.c).
const redis72: ServerVersion = {
  name: 'redis-7.2',
  defaultBuild: 'q3',
  pointer: 8,
  object: 16,
  dict: 56,
  dictEntry: 24,
  dictInitialBuckets: 4,
  list: 48,
  listNode: 24,
  client: 776,
  connection: 64,
  queryBufferRead: 16 * 1024,
  replyBuffer: 16 * 1024,
  embeddedStringLimit: 44,
  maxInitialArguments: 1024,
  latencyCounters: 24_576,
  latencyHistogram: 104,
};

/** One row per modelled version. Adding a version means adding its row, and the few policies that differ. */
export const SERVERS: readonly ServerVersion[] = [redis72];

export const DEFAULT_SERVER = redis72.name;

export function findServer(name: string): ServerVersion | undefined {
  return SERVERS.find((server) => server.name === name);
}
