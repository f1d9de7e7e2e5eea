import type { BuildInfo } from '../../engine/index.js';
import type { Cell } from '../grid/grid.js';
import { groupKey } from './shared-streams.js';

/** Cuts cells into slices of at most `most` cells that share a stream, in the order of the first cells of their streams. */
export function slicesOf(
  cells: readonly Cell[],
  builds: ReadonlyMap<string, BuildInfo>,
  most: number,
): (readonly Cell[])[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = groupKey(cell, builds.get(cell.allocator.build)!);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / most) }, (_, index) =>
      group.slice(index * most, (index + 1) * most),
    ),
  );
}
