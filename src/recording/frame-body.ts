/** Converts a frame to and from its two bodies: JSON with totals and a list of columns, and the bytes of the columns. */
import type { SlabOwners } from '../analysis/index.js';
import { type BuildInfo, type SnapshotTotals, totalsOf } from '../engine/index.js';
import { decodeTables } from './decode-frame-tables.js';
import { columnsFrom, ownersFrom, TABLES, tablesOf } from './frame-tables.js';
import type { Frame } from './recording.js';
import { bytesFor, bytesOf, type ColumnShape, encodeColumn, type Numbers } from './recording-columns.js';
import { BadContent } from './recording-errors.js';

/** A frame without its columns. */
export interface FrameHead {
  readonly phase: string;
  readonly snapshot: SnapshotTotals;
  readonly owners: Omit<SlabOwners, 'first' | 'owner' | 'regions'> | null;
  readonly columns: readonly ColumnShape[];
}

export interface FrameBodies {
  readonly head: FrameHead;
  readonly columns: Uint8Array<ArrayBuffer>;
}

export function encodeFrame({ phase, snapshot, owners }: Frame): FrameBodies {
  const shapes: ColumnShape[] = [];
  const all: Numbers[] = [];
  for (const [of, table] of tablesOf(snapshot, owners)) {
    for (const { name, from } of TABLES[of]) {
      const numbers = table[name]!;
      all.push(numbers);
      shapes.push({ of, name, count: numbers.length, bytes: bytesFor(numbers), from });
    }
  }
  const columns = new Uint8Array(bytesOf(shapes));
  let at = 0;
  shapes.forEach((shape, i) => {
    encodeColumn(all[i]!, shape, snapshot.granules.sizeClass, columns, at);
    at += shape.bytes * shape.count;
  });
  return { head: { phase, snapshot: totalsOf(snapshot), owners: listsOf(owners), columns: shapes }, columns };
}

function listsOf(owners: SlabOwners | null): FrameHead['owners'] {
  if (owners === null) return null;
  const { first: _, owner: __, regions: ___, ...lists } = owners;
  return lists;
}

export function decodeFrame(
  { phase, snapshot, owners, columns }: FrameHead,
  bytes: Uint8Array,
  info: Pick<BuildInfo, 'sizeClasses'>,
): Frame {
  const tables = decodeTables(columns, bytes, info.sizeClasses.length);
  const decoded = columnsFrom(tables, info);
  const residents = ownersFrom(tables, decoded.granules.count, owners?.names ?? []);
  if ((owners === null) !== (residents === null))
    throw new BadContent('owners without names, or names alone');
  return {
    phase,
    snapshot: { ...snapshot, ...decoded },
    owners: owners === null || residents === null ? null : { ...owners, ...residents },
  };
}
