import type { BuildInfo, ExtentColumns, GranuleColumns, MemoryTotals } from '../engine/index.js';

/** The data of a map: a Snapshot, or the difference of two (difference.ts). */
export interface MapSource {
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  readonly memory: Pick<MemoryTotals, 'active' | 'dirty' | 'resident' | 'retained'>;
  readonly virtualMs: number;
}

export type MapInfo = Pick<BuildInfo, 'pageSize' | 'sizeClasses' | 'smallClasses' | 'regionsPerSlab'>;

/** Returns the resident bytes of the allocator's own records, which have no page in the simulated address space. */
export function metadataBytes({ memory }: MapSource): number {
  return memory.resident - memory.active - memory.dirty;
}
