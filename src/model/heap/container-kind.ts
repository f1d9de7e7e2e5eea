import { owned, Subject } from './tag.js';

/** What the regions of containers are for. The numbers follow on those of redis/owners.ts, well apart. */
export const ContainerOwner = {
  listpack: 40,
  intset: 41,
  quicklist: 42,
  quicklistNode: 43,
  plainNode: 44,
  hashField: 45,
  hashValue: 46,
  setMember: 47,
  sortedSet: 48,
  skiplist: 49,
  skiplistNode: 50,
  sortedSetMember: 51,
  stream: 52,
  radixTree: 53,
  radixNode: 54,
  streamListpack: 55,
  consumerGroup: 56,
  consumer: 57,
  pendingEntry: 58,
  containerTemporary: 59,
} as const;

export type ContainerOwner = (typeof ContainerOwner)[keyof typeof ContainerOwner];

export const CONTAINER_OWNER_NAMES: Readonly<Record<ContainerOwner, string>> = {
  [ContainerOwner.listpack]: 'listpack',
  [ContainerOwner.intset]: 'intset',
  [ContainerOwner.quicklist]: 'quicklist',
  [ContainerOwner.quicklistNode]: 'quicklist node',
  [ContainerOwner.plainNode]: 'large list element',
  [ContainerOwner.hashField]: 'hash field',
  [ContainerOwner.hashValue]: 'hash value',
  [ContainerOwner.setMember]: 'set member',
  [ContainerOwner.sortedSet]: 'sorted set',
  [ContainerOwner.skiplist]: 'skiplist',
  [ContainerOwner.skiplistNode]: 'skiplist node',
  [ContainerOwner.sortedSetMember]: 'sorted set member',
  [ContainerOwner.stream]: 'stream',
  [ContainerOwner.radixTree]: 'radix tree',
  [ContainerOwner.radixNode]: 'radix tree node',
  [ContainerOwner.streamListpack]: 'stream listpack',
  [ContainerOwner.consumerGroup]: 'consumer group',
  [ContainerOwner.consumer]: 'consumer',
  [ContainerOwner.pendingEntry]: 'pending entry',
  [ContainerOwner.containerTemporary]: 'temporary of a container command',
};

/** The listpack of a value, or of a list's node. A stream's are a kind of their own. */
export const ListpackOwner = {
  list: owned(ContainerOwner.listpack, Subject.list),
  set: owned(ContainerOwner.listpack, Subject.set),
  sortedSet: owned(ContainerOwner.listpack, Subject.sortedSet),
  hash: owned(ContainerOwner.listpack, Subject.hash),
} as const;

/** Kinds that only one type of value has. */
export const CONTAINER_SUBJECTS: ReadonlyMap<ContainerOwner, Subject> = new Map([
  [ContainerOwner.intset, Subject.set],
  [ContainerOwner.quicklist, Subject.list],
  [ContainerOwner.quicklistNode, Subject.list],
  [ContainerOwner.plainNode, Subject.list],
  [ContainerOwner.hashField, Subject.hash],
  [ContainerOwner.hashValue, Subject.hash],
  [ContainerOwner.setMember, Subject.set],
  [ContainerOwner.sortedSet, Subject.sortedSet],
  [ContainerOwner.skiplist, Subject.sortedSet],
  [ContainerOwner.skiplistNode, Subject.sortedSet],
  [ContainerOwner.sortedSetMember, Subject.sortedSet],
  [ContainerOwner.stream, Subject.stream],
  [ContainerOwner.streamListpack, Subject.stream],
  [ContainerOwner.consumerGroup, Subject.stream],
  [ContainerOwner.consumer, Subject.stream],
  [ContainerOwner.pendingEntry, Subject.stream],
]);
