import type { BuildInfo } from '../engine/engine.js';
import type { GranuleColumns, MemoryTotals } from '../engine/snapshot.js';

/** Extents that the allocator holds and has not handed out, in address order. */
export interface ExtentColumns {
  readonly count: number;
  readonly page: Uint32Array;
  readonly pages: Uint32Array;
  readonly arena: Uint32Array;
  /** Index into EXTENT_STATES. */
  readonly state: Uint32Array;
}

export const EXTENT_STATES = ['dirty', 'muzzy', 'retained'] as const;
export type ExtentState = (typeof EXTENT_STATES)[number];

/** What is drawn: a Snapshot, or two of them as one (difference.ts). */
export interface MapSource {
  readonly granules: GranuleColumns;
  readonly unused?: ExtentColumns;
  readonly memory: Pick<MemoryTotals, 'active' | 'dirty' | 'resident' | 'retained'>;
  readonly virtualMs: number;
}

export type MapInfo = Pick<BuildInfo, 'pageSize' | 'sizeClasses' | 'smallClasses' | 'regionsPerSlab'>;

/** What of the resident set is neither handed out nor dirty: the allocator's own records, which are at no address. */
export function metadataBytes({ memory }: MapSource): number {
  return memory.resident - memory.active - memory.dirty;
}
