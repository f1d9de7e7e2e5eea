/** The size classes of a real server as a map. Its slabs are unknown one by one, so each has the mean of its class. */
import { EXTENT_STATES } from '../../engine/index.js';
import { stepOfShare } from '../colouring/occupancy-colouring.js';
import type { CellMap } from './cell-map.js';

const PAGE = 4096;

export interface ClassUse {
  /** Size of the regions in bytes. */
  readonly size: number;
  readonly regions: number;
  /** Share of the regions that is held. */
  readonly util: number;
}

/** Returns a map in which area is the memory of the slabs of each class, the smallest regions first. */
export function classesMap(classes: readonly ClassUse[]): CellMap {
  const sorted = [...classes].sort((a, b) => a.size - b.size);
  const strips = sorted.map(({ size, regions, util }) =>
    new Uint8Array(Math.max(1, Math.ceil((size * regions) / PAGE))).fill(stepOfShare(util)),
  );
  const none = Array.from({ length: EXTENT_STATES.length + 2 }, () => new Uint8Array());
  return {
    pageSize: PAGE,
    smallClasses: sorted.length,
    sizeClasses: sorted.map(({ size }) => size),
    strips: [...strips, ...none],
  };
}
