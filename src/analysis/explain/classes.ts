/** Derives holes and rounding losses by size class from MALLOC-STATS. */
import type { MallocStats } from '../malloc-stats/malloc-stats.js';
import type { ClassHoles, Rounding } from './explanation.js';

/** Returns the size classes with holes, most bytes of holes first. */
export function classHoles({ bins, pageSize }: MallocStats): ClassHoles[] {
  return bins
    .map(({ size, regs, pages, curregs, curslabs }) => {
      const regions = curslabs * regs;
      return {
        size,
        slabs: curslabs,
        regions,
        util: regions === 0 ? 1 : curregs / regions,
        holes: curslabs * pages * pageSize - curregs * size,
      };
    })
    .filter(({ holes }) => holes > 0)
    .sort((a, b) => b.holes - a.holes || a.size - b.size);
}

/** Returns the bytes that rounding up to size classes can cost. */
export function roundingOf({ bins, large, quantum }: MallocStats): Rounding {
  return roundingOfClasses(
    [
      ...bins.map(({ size, curregs }) => ({ size, count: curregs })),
      ...large.map(({ size, curlextents }) => ({ size, count: curlextents })),
    ],
    quantum,
  );
}

/** Returns the same for counts of live allocations by class. */
export function roundingOfClasses(
  classes: readonly { readonly size: number; readonly count: number }[],
  quantum: number,
): Rounding {
  let atMost = 0;
  let ifEven = 0;
  let top: Rounding['top'] = null;
  for (const { size, count } of classes) {
    const below = sizeClassBelow(size, quantum);
    atMost += count * (size - below - 1);
    ifEven += (count * (size - below - 1)) / 2;
    if (count > 0 && size * count > (top?.bytes ?? 0)) top = { size, below, bytes: size * count };
  }
  return { atMost, ifEven: Math.round(ifEven), top };
}

/**
 * Returns the next smaller size class, in bytes; 0 if there is none. The classes are 8, 16, then four for each doubling,
 * at least a quantum apart. They are computed because jemalloc prints no large class without extents.
 */
function sizeClassBelow(size: number, quantum: number): number {
  if (size <= 8) return 0;
  if (size <= 16) return 8;
  const doubling = 2 ** Math.floor(Math.log2(size - 1));
  return size - Math.max(quantum, doubling / 4);
}
