import type { BuildInfo, ExtentColumns, GranuleColumns, MemoryTotals } from '../engine/index.js';
/** What is drawn: a Snapshot, or two of them as one (difference.ts). */
export interface MapSource {
  readonly granules: GranuleColumns;
  readonly unused: ExtentColumns;
  readonly memory: Pick<MemoryTotals, 'active' | 'dirty' | 'resident' | 'retained'>;
  readonly virtualMs: number;
}

export type MapInfo = Pick<BuildInfo, 'pageSize' | 'sizeClasses' | 'smallClasses' | 'regionsPerSlab'>;

/** What of the resident set is neither handed out nor dirty: the allocator's own records, which are at no address. */
export function metadataBytes({ memory }: MapSource): number {
  return memory.resident - memory.active - memory.dirty;
}
