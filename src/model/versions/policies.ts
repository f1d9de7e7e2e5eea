/**
 * In what the server versions differ about containers. Read in redis 7.0.15, redis 7.2.6 and valkey 8.0.1
 * (t_hash.c, t_list.c, t_set.c, t_zset.c, quicklist.c, util.c).
 */
export interface ContainerPolicy {
  /** HSET of more fields than a listpack may hold makes a hash table with room for all of them at once. */
  readonly presizesHash: boolean;
  /** HSET looks for the field once, with the new value already copied; else it looks twice and copies in between. */
  readonly copiesValueFirst: boolean;
  /** Small lists are one listpack. */
  readonly listpackLists: boolean;
  /** Small sets of strings are one listpack. */
  readonly listpackSets: boolean;
  /** A set's hash table needs an entry only where elements share a bucket. */
  readonly bareSetEntries: boolean;
  /** Bytes of a set's entry, where it has one. */
  readonly setEntry: number;
  /** A sorted set's hash table has room for all members at once when it replaces a listpack. */
  readonly presizesSortedSet: boolean;
  /** Scores that are not integers: 17 significant digits, or as few as tell the number from its neighbours. */
  readonly shortestScores: boolean;
  /** Bytes that two quicklist nodes are thought to save by merging. */
  readonly mergeSaves: number;
  /** A list element from this size on has a node of its own; 0: when it is larger than the limit of a node. */
  readonly plainNodeBytes: number;
  /** Bytes of a stream's consumer. */
  readonly streamConsumer: number;
  /** XREADGROUP and XCLAIM make the consumer even if there is nothing for it. */
  readonly makesIdleConsumers: boolean;
  /** LSET of a large element splits the node; before, it inserted the element and deleted the old one. */
  readonly splitsOnReplace: boolean;
}

const GIGABYTE = 1 << 30;

const redis70: ContainerPolicy = {
  presizesHash: false,
  copiesValueFirst: false,
  listpackLists: false,
  listpackSets: false,
  bareSetEntries: false,
  setEntry: 24,
  presizesSortedSet: false,
  shortestScores: false,
  mergeSaves: 11,
  plainNodeBytes: GIGABYTE,
  streamConsumer: 24,
  makesIdleConsumers: false,
  splitsOnReplace: false,
};

const redis72: ContainerPolicy = {
  ...redis70,
  presizesHash: true,
  copiesValueFirst: true,
  listpackLists: true,
  listpackSets: true,
  bareSetEntries: true,
  setEntry: 16,
  presizesSortedSet: true,
  shortestScores: true,
  mergeSaves: 7,
  streamConsumer: 32,
  makesIdleConsumers: true,
  splitsOnReplace: true,
};

const valkey80: ContainerPolicy = {
  ...redis72,
  plainNodeBytes: 0,
};

const POLICIES: Readonly<Record<string, ContainerPolicy>> = {
  'redis-7.0': redis70,
  'redis-7.2': redis72,
  'valkey-8.0': valkey80,
};

export function containerPolicy(server: string): ContainerPolicy {
  const policy = POLICIES[server];
  if (policy === undefined) {
    throw new Error(`server '${server}' has no row in containers/policies.ts: add one`);
  }
  return policy;
}
