import { expect, test } from 'vitest';
import { againstRecorded, modelOf, modelRun } from './model.js';
import { recordings } from './recorded.js';
import { findStream } from './streams.js';

/**
 * Without tcaches, regions of all three are within 0.21% (levels of skiplist nodes are the server's dice). What caches
 * hold beside so little data is more than that where there are most small classes: 0.30%, 0.43%, 0.98%.
 */
const MOST = {
  'redis-7.0': { slabs: 0.01, regions: 0.005, usedMemory: 0.001 },
  'redis-7.2': { slabs: 0.005, regions: 0.005, usedMemory: 0.001 },
  'valkey-8.0': { slabs: 0.005, regions: 0.0105, usedMemory: 0.001 },
} as const;

/** Also what is there from the start, in cluster mode: but for redis-7.0, whose Lua shares the allocator. */
const ALL = { slabs: 0.005, regions: 0.006, usedMemory: 0.005 };

test('in cluster mode the model fills the slabs that real servers filled', async () => {
  const stream = findStream('cluster');
  for (const recording of await recordings(stream.name)) {
    const { server, build } = modelOf(recording);
    const model = await modelRun(stream, server, build, recording.settleMs);
    expect([...model.unknown]).toEqual([]);
    const { sinceIdle, absolute } = againstRecorded(model, recording);
    for (const measure of ['slabs', 'regions', 'usedMemory'] as const) {
      const what = `${measure} of ${recording.server.name}`;
      const most = MOST[server as keyof typeof MOST][measure];
      expect(sinceIdle.measures[measure], what).toBeLessThanOrEqual(most);
      if (server === 'redis-7.0') continue;
      expect(absolute.measures[measure], `${what}, with its start`).toBeLessThanOrEqual(ALL[measure]);
    }
  }
});
