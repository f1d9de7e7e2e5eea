/** Defines the columns of a frame, and converts a snapshot and its owners to them and back. */
import type { SlabOwners } from '../analysis/index.js';
import {
  type BuildInfo,
  EXTENT_STATES,
  type ExtentColumns,
  type GranuleColumns,
  REGION_STATES,
  type RegionColumns,
  type Snapshot,
} from '../engine/index.js';
import { checkAddress, checkBelow, firstOf, lengthsOf } from './column-checks.js';
import type { Numbers, Prediction } from './recording-columns.js';

export interface Column {
  readonly name: string;
  readonly from: Prediction;
  /** Bytes of a decoded number. */
  readonly memoryBytes: 1 | 2 | 4;
}

function column<Name extends string>(name: Name, from: Prediction, memoryBytes: Column['memoryBytes'] = 4) {
  return { name, from, memoryBytes };
}

/**
 * The columns of each table. A column follows those that it is decoded with.
 *
 * Slabs of a class have the same length and number of regions. Slabs that were opened at about the same time are close to
 * each other. The predictions use this; each was chosen by measurement. Column `regions` (live + parked + free) replaces
 * `free`. It is nearly constant, while `free` is as hard to predict as `live`.
 */
export const TABLES = {
  granules: [
    column('sizeClass', 'none'),
    column('page', 'row'),
    column('pages', 'class'),
    column('arena', 'none'),
    column('live', 'none'),
    column('parked', 'none'),
    column('regions', 'class'),
    column('openedMs', 'class'),
    column('allocs', 'class'),
    column('cohort', 'none'),
  ],
  unused: [column('page', 'row'), column('pages', 'none'), column('arena', 'none'), column('state', 'none')],
  /** Number of rows of `states` of each granule. */
  regions: [column('length', 'class')],
  states: [column('state', 'none', 1)],
  /** Number of rows of `owners` of each granule. */
  residents: [column('length', 'class')],
  owners: [column('owner', 'none', 2), column('regions', 'none')],
} satisfies Record<string, readonly Column[]>;

export type TableName = keyof typeof TABLES;
type Table = Readonly<Record<string, Numbers>>;
export type Tables = ReadonlyMap<TableName, Table>;

/** Returns the tables of a frame, in the order of the file. */
export function tablesOf(snapshot: Snapshot, owners: SlabOwners | null): Tables {
  const { granules, unused, regions } = snapshot;
  const { count: _, free, ...kept } = granules;
  const { count: __, ...extents } = unused;
  const all = free.map((value, row) => value + kept.live[row]! + kept.parked[row]!);
  const tables = new Map<TableName, Table>([
    ['granules', { ...kept, regions: all }],
    ['unused', extents],
  ]);
  if (regions !== null) {
    tables.set('regions', { length: lengthsOf(regions.first) });
    tables.set('states', { state: regions.states });
  }
  if (owners !== null) {
    tables.set('residents', { length: lengthsOf(owners.first) });
    tables.set('owners', { owner: owners.owner, regions: owners.regions });
  }
  return tables;
}

/** Returns the columns of a snapshot, checked for the properties that maps rely on. */
export function columnsFrom(
  tables: Tables,
  { sizeClasses }: Pick<BuildInfo, 'sizeClasses'>,
): Pick<Snapshot, 'granules' | 'unused' | 'regions'> {
  const granules = granulesFrom(tables);
  checkBelow('size class', granules.sizeClass, sizeClasses.length);
  checkAddress('granule', granules);
  const unused = unusedFrom(tables);
  checkBelow('state of an extent', unused.state, EXTENT_STATES.length);
  checkAddress('extent', unused);
  return { granules, unused, regions: regionsFrom(tables, granules.count) };
}

function granulesFrom(tables: Tables): GranuleColumns {
  const { sizeClass, page, pages, arena, live, parked, regions, openedMs, allocs, cohort } = words(
    tables,
    'granules',
  );
  const free = regions.map((all, row) => all - live[row]! - parked[row]!);
  return { count: page.length, page, pages, sizeClass, arena, live, parked, free, openedMs, allocs, cohort };
}

function unusedFrom(tables: Tables): ExtentColumns {
  const { page, pages, arena, state } = words(tables, 'unused');
  return { count: page.length, page, pages, arena, state };
}

function regionsFrom(tables: Tables, granules: number): RegionColumns | null {
  if (!tables.has('regions')) return null;
  const states = tables.get('states')?.state as Uint8Array<ArrayBuffer>;
  checkBelow('state of a region', states, REGION_STATES.length);
  return { first: firstOf(words(tables, 'regions').length, granules, states.length), states };
}

/** Returns the owners of granules; null if the frame has none. */
export function ownersFrom(
  tables: Tables,
  granules: number,
  names: readonly string[],
): Pick<SlabOwners, 'first' | 'owner' | 'regions'> | null {
  if (!tables.has('residents')) return null;
  const owner = tables.get('owners')?.owner as Uint16Array<ArrayBuffer>;
  checkBelow('owner', owner, names.length);
  const first = firstOf(words(tables, 'residents').length, granules, owner.length);
  return { first, owner, regions: words(tables, 'owners').regions };
}

type Words<Name extends TableName> = Record<(typeof TABLES)[Name][number]['name'], Uint32Array<ArrayBuffer>>;

/** Returns a table that was read, which has all its columns, with the types that TABLES defines. */
function words<Name extends TableName>(tables: Tables, name: Name): Words<Name> {
  return tables.get(name) as unknown as Words<Name>;
}
