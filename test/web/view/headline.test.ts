import { expect, test } from 'vitest';
import type { Snapshot } from '#slablab/src/engine/snapshot.js';
import { headline } from '../../../web/view/headline.js';

const MIB = 2 ** 20;
const at = (given: { readonly tracked?: number; readonly above?: number; readonly pinned?: number }) =>
  headline({
    memory: { active: 100 * MIB, usedMemory: 50 * MIB, resident: 110 * MIB },
    drainprof: {
      tracked: given.tracked ?? 2000,
      pinned: given.pinned ?? 1999,
      bytesAboveMinimum: (given.above ?? 0) * MIB,
      slabsAboveMinimum: 12_345,
    },
  } as Snapshot);

test('what survivors hold open is said from a tenth on', () => {
  expect(at({ above: 45 })).toEqual({
    claim: '50.0 MiB in use, 110.0 MiB resident. 45.0 MiB is held open by survivors.',
    reason:
      '1,999 of 2,000 slabs are pinned by at least one live region. Packed together, the same data would need 12,345 slabs fewer.',
  });
  expect(at({ above: 10 }).claim).toContain('held open');
  expect(at({ above: 9 })).toEqual({
    claim: '50.0 MiB in use, 110.0 MiB resident.',
    reason: 'The slabs are 50.0% full: nothing to speak of is wasted.',
  });
});

test('one slab is pinned, and none says so', () => {
  expect(at({ above: 45, pinned: 1 }).reason).toMatch(/^1 of 2,000 slabs is pinned/);
  expect(at({ tracked: 0 }).claim).toBe('Nothing is allocated from slabs.');
});
