import type { Heap } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import { BucketTable } from './bucket-table.js';
import { ChainedTable } from './chained-table.js';
import type { HashTable, ResizePolicy, TableKind } from './hash-table.js';
import type { TableElements } from './table-elements.js';

/** Makes a table of keys or of a container's members, in the layout of the version. */
export function newTable(
  heap: Heap,
  version: ServerVersion,
  elements: TableElements,
  kind: TableKind,
  resize: ResizePolicy,
): HashTable {
  const Layout = version.bucketTables.replaceDicts ? BucketTable : ChainedTable;
  return new Layout(heap, version, elements, kind, resize);
}
