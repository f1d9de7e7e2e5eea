/**
 * Returns the next smaller size class, in bytes; 0 if there is none. The classes are 8, 16, then four for each doubling,
 * at least a quantum apart, which makes no difference to large ones. They are computed because jemalloc prints no large class without extents.
 */
export function sizeClassBelow(size: number, quantum = 8): number {
  if (size <= 8) return 0;
  if (size <= 16) return 8;
  const doubling = 2 ** Math.floor(Math.log2(size - 1));
  return size - Math.max(quantum, doubling / 4);
}
