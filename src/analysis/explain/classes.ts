/** Derives holes and rounding losses by size class from MALLOC-STATS. */
import type { MallocStats } from '../malloc-stats/malloc-stats.js';
import { sizeClassBelow } from '../malloc-stats/size-class-below.js';
import { rowBytes } from '../malloc-stats/stats-section.js';
import type { ClassHoles, Rounding } from './explanation.js';

/** Returns the size classes with holes, most bytes of holes first. */
export function classHoles({ bins, pageSize }: Pick<MallocStats, 'bins' | 'pageSize'>): ClassHoles[] {
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
export function roundingOf({ bins, large, largeBytes, pageSize, quantum }: MallocStats): Rounding {
  const small = bins.map(({ size, curregs }) => ({ size, count: curregs }));
  const rows = large.map(({ size, curlextents }) => ({ size, count: curlextents }));
  if (largeBytes === rowBytes(large)) return roundingOfClasses([...small, ...rows], quantum);
  // The allocations of these rows end at pages. The rows do not have their sizes.
  const ofSmall = roundingOfClasses(small, quantum);
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  return {
    atMost: ofSmall.atMost + count * (pageSize - 1),
    ifEven: ofSmall.ifEven + Math.round((count * (pageSize - 1)) / 2),
    top: ofSmall.top,
  };
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
