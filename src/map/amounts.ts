import { EXTENT_STATES } from '../engine/index.js';
import type { Colouring } from './colouring/legend.js';
import type { MapLayout } from './layout.js';

/** Bytes on a map, by kind of item. */
export interface Amounts {
  readonly slabs: number;
  readonly large: number;
  readonly dirty: number;
  readonly muzzy: number;
  readonly retained: number;
  readonly metadata: number;
}

export function amountsOn(layout: MapLayout): Amounts {
  const amounts = { slabs: 0, large: 0, dirty: 0, muzzy: 0, retained: 0, metadata: 0 };
  for (const item of layout.placed) amounts[kindOf(layout, item)] += bytesOfItem(layout, item);
  return amounts;
}

function bytesOfItem({ pages, info, metadata, metadataBytes }: MapLayout, item: number): number {
  return item === metadata ? metadataBytes : pages[item]! * info.pageSize;
}

function kindOf({ granules, unused, info, firstUnused, metadata }: MapLayout, item: number): keyof Amounts {
  if (item < firstUnused) {
    return granules.sizeClass[item]! < info.smallClasses ? 'slabs' : 'large';
  }
  return item === metadata ? 'metadata' : EXTENT_STATES[unused.state[item - firstUnused]!]!;
}

/** Returns the bytes on a map by swatch of the legend. */
export function amountsBySwatch(layout: MapLayout, { legend, swatches }: Colouring): number[] {
  const amounts = legend.swatches.map(() => 0);
  for (const item of layout.placed) amounts[swatches[item]!]! += bytesOfItem(layout, item);
  return amounts;
}
