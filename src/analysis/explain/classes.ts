/** What MALLOC-STATS tells by size class: where the holes are, and what rounding can cost. */
import type { MallocStats } from '../malloc-stats.js';
import type { ClassHoles, Rounding } from './explanation.js';

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

export function roundingOf({ bins, large, quantum }: MallocStats): Rounding {
  const classes = [
    ...bins.map(({ size, curregs }) => ({ size, count: curregs })),
    ...large.map(({ size, curlextents }) => ({ size, count: curlextents })),
  ];
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
 * jemalloc's classes: 8, 16, then four for each doubling, but not closer than the quantum. Large classes that hold
 * nothing are not printed, so the one below is computed.
 */
function sizeClassBelow(size: number, quantum: number): number {
  if (size <= 8) return 0;
  if (size <= 16) return 8;
  const doubling = 2 ** Math.floor(Math.log2(size - 1));
  return size - Math.max(quantum, doubling / 4);
}
