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
import { checkAddress, checkBelow, firstOf, lengthsOf } from './checks.js';
import type { Numbers, Prediction } from './recording-columns.js';

export interface Column {
  readonly name: string;
  readonly from: Prediction;
  /** Bytes of a number when it is in memory. */
  readonly room: 1 | 2 | 4;
}

function column<Name extends string>(name: Name, from: Prediction, room: Column['room'] = 4) {
  return { name, from, room };
}

/**
 * Slabs of a class have the same length and number of regions, and others that were opened at about the same time lie
 * near them: hence the predictions, each found by measuring. `regions` (live + parked + free) is nearly constant where
 * `free` is as hard to foretell as `live`. Columns come after those that they are read with the help of.
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
  /** Of each granule, how many rows of `states` are its regions. */
  regions: [column('length', 'class')],
  states: [column('state', 'none', 1)],
  /** Of each granule, how many rows of `owners` live in it. */
  residents: [column('length', 'class')],
  owners: [column('owner', 'none', 2), column('regions', 'none')],
} satisfies Record<string, readonly Column[]>;

export type TableName = keyof typeof TABLES;
type Table = Readonly<Record<string, Numbers>>;
export type Tables = ReadonlyMap<TableName, Table>;

/** The tables that a frame has, in the order of the file. */
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

/** The columns of a snapshot, checked for what whoever draws them relies on. */
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

/** Null where the frame has none. */
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

/** Tables that are read have all their columns, and as many bytes to a number as TABLES says. */
function words<Name extends TableName>(tables: Tables, name: Name): Words<Name> {
  return tables.get(name) as unknown as Words<Name>;
}
