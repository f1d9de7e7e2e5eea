/** The headline of a snapshot: a sentence or two for a map of thousands of cells. */
import { formatBytes, formatCount, formatShare, plural } from '../../src/base/index.js';
import type { Snapshot } from '../../src/engine/index.js';
export interface Headline {
  readonly claim: string;
  readonly reason: string;
}

/** Share of active memory from which the waste is called fragmentation. */
const NOTABLE = 0.1;

export function headline({ memory, drainprof }: Snapshot): Headline {
  const { active, usedMemory, resident } = memory;
  const { pinned, tracked, bytesAboveMinimum, slabsAboveMinimum } = drainprof;
  if (tracked === 0) return { claim: 'Nothing is allocated from slabs.', reason: '' };
  const used = `${formatBytes(usedMemory)} in use, ${formatBytes(resident)} resident.`;
  if (bytesAboveMinimum / active < NOTABLE) {
    return {
      claim: used,
      reason: `The slabs are ${formatShare(usedMemory / active)} full: nothing to speak of is wasted.`,
    };
  }
  return {
    claim: `${used} ${formatBytes(bytesAboveMinimum)} is held open by survivors.`,
    reason:
      `${formatCount(pinned)} of ${plural(tracked, 'slab')} ${pinned === 1 ? 'is' : 'are'} pinned by at least one live ` +
      `region. Packed together, the same data would need ${formatCount(slabsAboveMinimum)} slabs fewer.`,
  };
}
