import type { HashTable } from './hash-table.js';
import { type KeyTables, OneTable } from './key-tables.js';
import type { Keyspace } from './keyspace.js';

/** Returns the table that a row belongs to; undefined if its slot has none. */
export function tableOfRow(keyspace: Keyspace, tables: KeyTables, row: number): HashTable | undefined {
  if (tables instanceof OneTable) return tables.only;
  const name = keyspace.nameOf(row);
  return tables.at(name, 0, name.length);
}

/** Whether a row is in a table. */
export function isInTable(table: HashTable, row: number, hash: number): boolean {
  let found = table.peek(hash);
  while (found !== 0 && found !== row) found = table.findNext(found, hash);
  return found !== 0;
}
