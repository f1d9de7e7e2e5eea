import { describeAsRecorded, limitsOfSeeded } from './held.js';

describeAsRecorded('redis-8.0.2', limitsOfSeeded, {
  absolute: { slabs: 0.016, regions: 0.005, usedMemory: 0.005 },
  // Slow commands that the busy machine's SLOWLOG kept.
  streams: { mix: { slabs: 0.01, regions: 0.006, usedMemory: 0.005 } },
});
