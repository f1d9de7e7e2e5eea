import { redisSds, type SdsPolicy, valkeySds } from '../heap/index.js';
/** Struct sizes and fixed policies of a server version, for a 64-bit build (LP64). Bytes unless a name says otherwise. */
export interface ServerVersion {
  readonly name: string;
  /** The allocator that this version bundles. */
  readonly defaultBuild: string;
  /** Numbers to compare versions of one policy with: 7.0 is 70. Valkey 8.0 goes on from 7.2. */
  readonly generation: 70 | 72 | 80;
  /** The newest version of RDB files that it reads. */
  readonly rdbVersion: number;
  readonly pointer: number;
  readonly object: number;
  readonly dict: number;
  readonly dictEntry: number;
  readonly dictInitialBuckets: number;
  readonly dictPolicy: DictPolicy;
  readonly list: number;
  readonly listNode: number;
  readonly client: number;
  readonly connection: number;
  /** Room that the first read from a client asks its query buffer for. */
  readonly queryBufferRead: number;
  readonly replyBuffer: number;
  /** Head of a block that takes what the reply buffer cannot. */
  readonly replyBlock: number;
  /** Longest string that shares one allocation with its object. */
  readonly embeddedStringLimit: number;
  /** Slots that an argument array is allocated for at most, however many arguments a command announces. */
  readonly maxInitialArguments: number;
  /** HDR histogram that each command gets at its first call: 3,072 counters of 8 bytes, and its head. */
  readonly latencyCounters: number;
  readonly latencyHistogram: number;
  /** A cached script, beside its text and its name. */
  readonly script: number;
  /** Whether the lazyfree-* settings are on by default. */
  readonly lazyfreeByDefault: boolean;
  readonly keyPolicy: KeyPolicy;
  /** A command of a transaction as it waits. */
  readonly queuedCommand: number;
  /** A key that a client watches, beside two list nodes (or one, where the other is part of it). */
  readonly watchedKey: number;
  readonly watchedKeyHasNode: boolean;
  /** A client with a reply to write is noted in a list node of its own; else the node is part of the client. */
  readonly pendingWriteNode: boolean;
  /** A job for the background thread that frees values, with one argument; each further one adds a pointer. */
  readonly lazyFreeJob: number;
  /** The expires entry is deleted and added again when SET with a new expiry overwrites a key. */
  readonly resetsExpiry: boolean;
  /** From this length on, SET gives back what is spare of a value; else of all, if it is over a tenth. */
  readonly trimsFrom: number;
  readonly sds: SdsPolicy;
  /** Clients share one query buffer as long as they leave nothing unread in it. */
  readonly sharesQueryBuffer: boolean;
  /** repl-backlog-size by default. */
  readonly replicationBacklog: number;
}

/** When hash tables change their size. */
export interface DictPolicy {
  /** While a child process saves, a table grows from this many elements per bucket on. */
  readonly growWithChildFrom: number;
  /** While a child process saves, elements move only if one array is at least this many times the other. */
  readonly moveWithChildFrom: number;
  readonly shrinkWithChildFrom: number;
  /** Shrunk by each deletion at 1 element in 8 buckets; else by cron, and below 1 in 10. */
  readonly shrinksOnDelete: boolean;
  /** An operation moves the bucket that it looks into, if it has not been moved yet; else the next in turn. */
  readonly movesWantedBucket: boolean;
  /** An empty table's array is replaced at once. */
  readonly replacesEmptyArray: boolean;
}

/** How the keys of a database lie in memory. */
export interface KeyPolicy {
  /**
   * before: the name is copied, then the entry is made. after: the other way round. embedded: it is part of the entry.
   */
  readonly name: 'before' | 'after' | 'embedded';
  /** A main entry in cluster mode: linked to the others of its slot. */
  readonly clusterEntry: number;
  /** What the dict of all keys has beside the dict in cluster mode. */
  readonly clusterDictMetadata: number;
  /** Databases in cluster mode, which can use one of them. */
  readonly clusterDatabases: number;
  /** A dict for each slot in cluster mode; each dict is made when it is first needed. */
  readonly dictPerSlot: boolean;
  /** Dicts are made when they are first needed, and listed while they are moved. */
  readonly isKvstore: boolean;
  /** What a dict of a keyspace has beside the dict. */
  readonly dictMetadata: number;
}

const common = {
  pointer: 8,
  object: 16,
  dict: 56,
  dictEntry: 24,
  dictInitialBuckets: 4,
  list: 48,
  listNode: 24,
  connection: 64,
  queryBufferRead: 16 * 1024,
  replyBuffer: 16 * 1024,
  replyBlock: 16,
  embeddedStringLimit: 44,
  maxInitialArguments: 1024,
  latencyCounters: 24_576,
  latencyHistogram: 104,
  queuedCommand: 24,
  script: 16,
  replicationBacklog: 1024 * 1024,
} as const;

const redisDictPolicy: DictPolicy = {
  growWithChildFrom: 6,
  moveWithChildFrom: 5,
  shrinkWithChildFrom: 5,
  shrinksOnDelete: false,
  movesWantedBucket: false,
  replacesEmptyArray: false,
};

// redis-7.0: read in 7.0.15.
const redis70: ServerVersion = {
  ...common,
  name: 'redis-7.0',
  defaultBuild: 'q3-5.2.1',
  generation: 70,
  rdbVersion: 10,
  dictPolicy: redisDictPolicy,
  client: 744,
  lazyfreeByDefault: false,
  keyPolicy: {
    name: 'before',
    clusterEntry: 40,
    clusterDictMetadata: 0,
    clusterDatabases: 16,
    dictPerSlot: false,
    isKvstore: false,
    dictMetadata: 0,
  },
  watchedKey: 32,
  watchedKeyHasNode: false,
  pendingWriteNode: true,
  lazyFreeJob: 16,
  resetsExpiry: true,
  trimsFrom: 0,
  sds: redisSds,
  sharesQueryBuffer: false,
};

// redis-7.2: read in 7.2.6 (server.h, dict.c, adlist.h, connection.h, hdr_histogram.c).
const redis72: ServerVersion = {
  ...common,
  name: 'redis-7.2',
  defaultBuild: 'q3',
  generation: 72,
  rdbVersion: 11,
  dictPolicy: redisDictPolicy,
  client: 776,
  lazyfreeByDefault: false,
  keyPolicy: {
    name: 'after',
    clusterEntry: 40,
    clusterDictMetadata: 8,
    clusterDatabases: 1,
    dictPerSlot: false,
    isKvstore: false,
    dictMetadata: 0,
  },
  watchedKey: 56,
  watchedKeyHasNode: true,
  pendingWriteNode: false,
  lazyFreeJob: 32,
  resetsExpiry: false,
  trimsFrom: 32 * 1024,
  sds: redisSds,
  sharesQueryBuffer: false,
};

// valkey-8.0: read in 8.0.1.
const valkey80: ServerVersion = {
  ...common,
  name: 'valkey-8.0',
  defaultBuild: 'q3',
  generation: 80,
  rdbVersion: 11,
  dictPolicy: {
    growWithChildFrom: 4,
    moveWithChildFrom: 4,
    shrinkWithChildFrom: 32,
    shrinksOnDelete: true,
    movesWantedBucket: true,
    replacesEmptyArray: true,
  },
  client: 896,
  lazyfreeByDefault: true,
  keyPolicy: {
    name: 'embedded',
    clusterEntry: 0,
    clusterDictMetadata: 0,
    clusterDatabases: 1,
    dictPerSlot: true,
    isKvstore: true,
    dictMetadata: 16,
  },
  watchedKey: 56,
  watchedKeyHasNode: true,
  pendingWriteNode: false,
  lazyFreeJob: 32,
  script: 24,
  resetsExpiry: false,
  trimsFrom: 32 * 1024,
  sds: valkeySds,
  sharesQueryBuffer: true,
  replicationBacklog: 10 * 1024 * 1024,
};

/** One row per modelled version. Adding a version means adding its row, and the few policies that differ. */
export const SERVERS: readonly ServerVersion[] = [redis70, redis72, valkey80];

export const DEFAULT_SERVER = redis72.name;

export function findServer(name: string): ServerVersion | undefined {
  return SERVERS.find((server) => server.name === name);
}
