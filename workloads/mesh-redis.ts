import { estimateLruFill, LRU_PHASES, lruContents, lruFill, lruParameters } from './lru-fill.js';
import { defineWorkload } from './workload.js';

/** The Mesh paper's Redis experiment: what moving or meshing could save is what is open above the minimum. */
export const meshRedis = defineWorkload({
  name: 'mesh-redis',
  summary: 'maxmemory 100mb with allkeys-lru; 700,000 SETs of 240 bytes, then 170,000 of 492 bytes',
  source: 'Powers, Tench, Berger, McGregor: Mesh (PLDI 2019), 6.2.2',
  shows:
    'active defragmentation, and Mesh, reduce the heap by 39%: here the share of it that is above the minimum',
  parameters: lruParameters({ firstBytes: 240, secondBytes: 492 }),
  phases: LRU_PHASES,
  contents: lruContents,
  estimateOperations: estimateLruFill,
  traffic: lruFill,
  known: ({ firstBytes, secondBytes, firstKeys, secondKeys, maxmemoryMb }) =>
    firstBytes === 240 &&
    secondBytes === 492 &&
    firstKeys === 700_000 &&
    secondKeys === 170_000 &&
    maxmemoryMb === 100
      ? [
          {
            figure: 'share of active memory that packing would save',
            unit: 'share',
            stated: '39% by active defragmentation (redis-server 7.0.15 could save 35%: verify)',
            min: 0.35,
            max: 0.43,
            measure: (at) => {
              const second = at('second');
              return second && second.drainprof.bytesAboveMinimum / second.memory.active;
            },
          },
        ]
      : [],
});
