import type { BucketVisit, HashTable, Try } from '../keyspace/index.js';
import type { ValueContext } from './value-context.js';

/** The order in which active defragmentation tries the elements of a value's hash table. */
export interface TableDefrag {
  readonly table: HashTable;
  /** Whether all entries of a bucket are tried before its elements, in a value that is big. */
  readonly bigEntriesFirst: boolean;
  /** Tries the elements of one bucket, with their entries. */
  readonly elements: BucketVisit['elements'];
  /** Tries the elements of one bucket without their entries, after these. */
  readonly bare: BucketVisit['elements'];
}

/** Tries all elements of a table that is not big. */
export function defragmentElements({ table, elements }: TableDefrag, attempt: Try, iterates: boolean): void {
  if (iterates) {
    for (const element of table.elements()) elements([element]);
    return;
  }
  let cursor = 0;
  do cursor = table.scanBuckets(cursor, { elements, child: attempt });
  while (cursor !== 0);
}

/** Tries the elements of one bucket of a big table. Returns the next cursor, 0 after the last. */
export function defragmentBucket(defrag: TableDefrag, cursor: number, attempt: Try): number {
  const { table, bigEntriesFirst, elements, bare } = defrag;
  const inOrder = (bucket: readonly number[]) => {
    if (!bigEntriesFirst) {
      elements(bucket);
      return;
    }
    for (const element of bucket) table.tryEntry(element, attempt);
    bare(bucket);
  };
  return table.scanBuckets(cursor, { elements: inOrder, child: attempt });
}

/** Tries the strings of hash fields and their entries, bucket by bucket. */
export function hashDefrag({ members, version }: ValueContext, table: HashTable, attempt: Try): TableDefrag {
  const { hashOrder, bigEntriesFirst } = version.defrag;
  const field = (member: number) => attempt(members.nameHandleOf(member));
  const value = (member: number) => {
    const handle = members.valueHandleOf(member);
    if (handle !== 0) attempt(handle);
  };
  const isValueFirst = hashOrder !== 'field, value, entry';
  const fieldsLast = hashOrder === 'value, entry, fields';
  const visit = (bucket: readonly number[], hasEntries: boolean) => {
    for (const member of bucket) {
      if (!isValueFirst) field(member);
      value(member);
      if (isValueFirst && !fieldsLast) field(member);
      if (hasEntries) table.tryEntry(member, attempt);
    }
    if (fieldsLast) bucket.forEach(field);
  };
  return {
    table,
    bigEntriesFirst: bigEntriesFirst === 'all',
    elements: (bucket) => visit(bucket, true),
    bare: (bucket) => visit(bucket, false),
  };
}

/** Tries the strings of set members and their entries. */
export function setDefrag({ members, version }: ValueContext, table: HashTable, attempt: Try): TableDefrag {
  const visit = (bucket: readonly number[], hasEntries: boolean) => {
    for (const member of bucket) {
      attempt(members.nameHandleOf(member));
      if (hasEntries) table.tryEntry(member, attempt);
    }
  };
  return {
    table,
    bigEntriesFirst: version.defrag.bigEntriesFirst === 'all',
    elements: (bucket) => visit(bucket, true),
    bare: (bucket) => visit(bucket, false),
  };
}

/** Tries the strings of a sorted set's members, if they have any, and their nodes; entries only where the version does. */
export function sortedSetDefrag(
  { members, version }: ValueContext,
  table: HashTable,
  attempt: Try,
): TableDefrag {
  const { sortedSetEntries, bigEntriesFirst } = version.defrag;
  const visit = (bucket: readonly number[], hasEntries: boolean) => {
    for (const member of bucket) {
      const name = members.nameHandleOf(member);
      if (name !== 0) attempt(name);
      attempt(members.valueHandleOf(member));
      if (hasEntries) table.tryEntry(member, attempt);
    }
  };
  return {
    table,
    bigEntriesFirst: bigEntriesFirst !== 'no',
    elements: (bucket) => visit(bucket, sortedSetEntries),
    bare: (bucket) => visit(bucket, false),
  };
}
