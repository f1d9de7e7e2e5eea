import { fragmentationAt } from './known.js';
import { estimateLruFill, LRU_PHASES, lruContents, lruFill, lruParameters } from './lru-fill.js';
import { defineWorkload } from './workload.js';

/** Redis's own test of active defragmentation, up to where the defragger would start. */
export const lruTwoSizes = defineWorkload({
  name: 'lru-two-sizes',
  summary: 'maxmemory 100mb with allkeys-lru; 700,000 SETs of 150 bytes, then 170,000 of 300 bytes',
  source: 'redis tests/unit/memefficiency.tcl, "Active defrag"',
  shows: 'allocator_frag_ratio of at least 1.4; below 1.1 once active defragmentation has run (not modelled)',
  parameters: lruParameters({ firstBytes: 150, secondBytes: 300 }),
  phases: LRU_PHASES,
  contents: lruContents,
  estimateOperations: estimateLruFill,
  traffic: lruFill,
  known: ({ firstBytes, secondBytes, firstKeys, secondKeys, maxmemoryMb }) =>
    firstBytes === 150 &&
    secondBytes === 300 &&
    firstKeys === 700_000 &&
    secondKeys === 170_000 &&
    maxmemoryMb === 100
      ? [
          {
            figure: 'active/allocated before defragmentation',
            unit: 'ratio',
            stated: 'at least 1.4',
            min: 1.4,
            measure: fragmentationAt('second'),
          },
        ]
      : [],
});
