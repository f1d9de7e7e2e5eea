import { DataType, StructKind, tagOf } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { DatabaseContext } from './database-context.js';
import { FieldExpiries } from './field-expiries.js';
import type { HashTable, TableKind } from './hash-table.js';
import { SLOTS } from './key-slot.js';
import { type KeyTables, OneTable, SlotTables } from './key-tables.js';
import { newTable } from './new-table.js';

/** The dicts of a database beside its keys and its watched keys: those of blocked clients, in three ways. */
const OTHER_DICTS = 3;

/** Makes the tables of a database's keys. */
export function newKeys(context: DatabaseContext): KeyTables {
  const { heap, version, keyspace, resize, isCluster, mayExpand } = context;
  const kind: TableKind = {
    ...kindOf(version, version.keys.keysDictMetadata),
    subject: DataType.keys,
    entryBytes: entryBytes(version, isCluster),
    bare: version.keys.bareEntries,
    mayExpand,
  };
  const { clusterDictMetadata } = version.keys;
  return tablesOf(
    context,
    (special) => newTable(heap, version, keyspace.main, { ...kind, ...special }, resize),
    isCluster && clusterDictMetadata > 0 ? { metadata: clusterDictMetadata } : {},
  );
}

/** Makes the tables of a database's keys that expire. */
export function newExpires(context: DatabaseContext): KeyTables {
  const { heap, version, keyspace, resize, mayExpand } = context;
  const kind: TableKind = {
    ...kindOf(version, version.keys.expiresDictMetadata),
    subject: DataType.expires,
    entryBytes: version.keys.bareEntries ? version.sizes.setEntry : version.sizes.dictEntry,
    bare: version.keys.bareEntries,
    nameOf: (row) => keyspace.object(row),
    mayExpand,
  };
  return tablesOf(
    context,
    (special) => newTable(heap, version, keyspace.expires, { ...kind, ...special }, resize),
    {},
  );
}

/** Makes the order of the hashes that have fields that expire, in versions that order them by time. */
export function newFieldExpiries(context: DatabaseContext): FieldExpiries | undefined {
  const { version, keyspace, isCluster, newTimedRows } = context;
  const { fieldExpiry, fieldExpiryPerSlot } = version.containers;
  if (fieldExpiry !== 'ebuckets') return undefined;
  return new FieldExpiries(keyspace, isCluster && fieldExpiryPerSlot, newTimedRows);
}

/** Makes the tables of the hashes that have fields that expire, in versions that keep them in a table. */
export function newFieldHashes(context: DatabaseContext): KeyTables | undefined {
  const { heap, version, keyspace, resize, mayExpand } = context;
  if (version.keys.stores < 3) return undefined;
  const kind: TableKind = {
    ...kindOf(version, version.keys.expiresDictMetadata),
    subject: DataType.fieldExpiry,
    entryBytes: 0,
    bare: true,
    nameOf: (row) => keyspace.object(row),
    mayExpand,
  };
  return tablesOf(
    context,
    (special) => newTable(heap, version, keyspace.main, { ...kind, ...special }, resize),
    {},
  );
}

function tablesOf(
  { isCluster, version }: DatabaseContext,
  make: (special: Partial<TableKind>) => HashTable,
  special: Partial<TableKind>,
): KeyTables {
  if (isCluster && version.keys.dictPerSlot) return new SlotTables((moving) => make({ ...special, moving }));
  return new OneTable(make(special));
}

/** Allocates the struct and its kvstores (createDatabase). */
export function openDatabase(context: DatabaseContext): void {
  const { heap, version } = context;
  heap.malloc(version.sizes.database, tagOf(StructKind.dict, DataType.keys));
  newStore(context, DataType.keys);
  newStore(context, DataType.expires);
  newStore(context, DataType.fieldExpiry);
  for (let dict = 0; dict < OTHER_DICTS; dict++) {
    heap.malloc(version.sizes.dict, tagOf(StructKind.dict, DataType.server));
  }
}

/** kvstoreCreate: allocates the array of tables, a list, the counts of several tables, and the struct. */
export function newStore(context: DatabaseContext, subject: DataType): number[] {
  const owner = tagOf(StructKind.dict, subject);
  const { heap, version, isCluster } = context;
  const { isKvstore, dictPerSlot } = version.keys;
  if (!isKvstore) return [];
  const tables = isCluster && dictPerSlot ? SLOTS : 1;
  if (version.keys.makesDatabasesOnDemand) return newSlotStore(context, tables, owner);
  const counts = tables > 1 ? [heap.calloc((tables + 1) * 8, owner)] : [];
  return [
    heap.calloc(tables * version.sizes.pointer, owner),
    heap.malloc(version.sizes.list, owner),
    ...counts,
    heap.calloc(subject === DataType.keys ? version.sizes.keysStore : version.sizes.expiresStore, owner),
  ];
}

/** Allocates a kvstore with a table of the slots that are imported: the struct first. */
function newSlotStore({ heap, version }: DatabaseContext, tables: number, owner: number): number[] {
  const { bucketTable, keysStore, list, pointer } = version.sizes;
  const handles = [
    heap.calloc(keysStore, owner),
    heap.calloc(tables * pointer, owner),
    heap.malloc(bucketTable, owner),
    heap.malloc(list, owner),
  ];
  if (tables > 1) handles.push(heap.calloc((tables + 1) * 8, owner));
  return handles;
}

/** Returns the bytes of an entry of the table of keys. */
export function entryBytes({ keys, sizes }: ServerVersion, isCluster: boolean): number {
  if (keys.bareEntries) return sizes.setEntry;
  return isCluster && keys.clusterEntry > 0 ? keys.clusterEntry : sizes.dictEntry;
}

/** Returns the properties in which the tables of a keyspace differ from others. */
function kindOf({ keys }: ServerVersion, metadata: number): Partial<TableKind> {
  return keys.isKvstore ? { metadata, isOnDemand: true, isListedWhenMoving: true } : {};
}
