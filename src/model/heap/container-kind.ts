import { DataType, tagOf } from './tag.js';

/** The struct kinds of containers. The numbers are above those of struct-kind.ts, with a gap. */
export const ContainerKind = {
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
  fieldTimes: 60,
} as const;

export type ContainerKind = (typeof ContainerKind)[keyof typeof ContainerKind];

export const CONTAINER_KIND_NAMES: Readonly<Record<ContainerKind, string>> = {
  [ContainerKind.listpack]: 'listpack',
  [ContainerKind.intset]: 'intset',
  [ContainerKind.quicklist]: 'quicklist',
  [ContainerKind.quicklistNode]: 'quicklist node',
  [ContainerKind.plainNode]: 'large list element',
  [ContainerKind.hashField]: 'hash field',
  [ContainerKind.hashValue]: 'hash value',
  [ContainerKind.setMember]: 'set member',
  [ContainerKind.sortedSet]: 'sorted set',
  [ContainerKind.skiplist]: 'skiplist',
  [ContainerKind.skiplistNode]: 'skiplist node',
  [ContainerKind.sortedSetMember]: 'sorted set member',
  [ContainerKind.stream]: 'stream',
  [ContainerKind.radixTree]: 'radix tree',
  [ContainerKind.radixNode]: 'radix tree node',
  [ContainerKind.streamListpack]: 'stream listpack',
  [ContainerKind.consumerGroup]: 'consumer group',
  [ContainerKind.consumer]: 'consumer',
  [ContainerKind.pendingEntry]: 'pending entry',
  [ContainerKind.containerTemporary]: 'temporary of a container command',
  [ContainerKind.fieldTimes]: 'times of hash fields',
};

/** The tags of listpacks of values and of list nodes. Those of streams are a separate kind. */
export const ListpackKind = {
  list: tagOf(ContainerKind.listpack, DataType.list),
  set: tagOf(ContainerKind.listpack, DataType.set),
  sortedSet: tagOf(ContainerKind.listpack, DataType.sortedSet),
  hash: tagOf(ContainerKind.listpack, DataType.hash),
} as const;

/** Kinds that only one type of value has. */
export const CONTAINER_DATA_TYPES: ReadonlyMap<ContainerKind, DataType> = new Map([
  [ContainerKind.intset, DataType.set],
  [ContainerKind.quicklist, DataType.list],
  [ContainerKind.quicklistNode, DataType.list],
  [ContainerKind.plainNode, DataType.list],
  [ContainerKind.hashField, DataType.hash],
  [ContainerKind.hashValue, DataType.hash],
  [ContainerKind.setMember, DataType.set],
  [ContainerKind.sortedSet, DataType.sortedSet],
  [ContainerKind.skiplist, DataType.sortedSet],
  [ContainerKind.skiplistNode, DataType.sortedSet],
  [ContainerKind.sortedSetMember, DataType.sortedSet],
  [ContainerKind.stream, DataType.stream],
  [ContainerKind.streamListpack, DataType.stream],
  [ContainerKind.consumerGroup, DataType.stream],
  [ContainerKind.consumer, DataType.stream],
  [ContainerKind.pendingEntry, DataType.stream],
]);
