import { expect, test } from 'vitest';
import { againstRecorded, modelOf, modelRun } from './model.js';
import { recordings } from './recorded.js';
import { findStream } from './streams.js';

/** Regions differ by what tcaches hold, of which there is much beside so little data. */
const MOST = { slabs: 0.01, regions: 0.015, usedMemory: 0.001 };

test('in cluster mode the model fills the slabs that real servers filled', async () => {
  const stream = findStream('cluster');
  for (const recording of await recordings(stream.name)) {
    const { server, build } = modelOf(recording);
    const model = await modelRun(stream, server, build, recording.settleMs);
    expect([...model.unknown]).toEqual([]);
    const { measures } = againstRecorded(model, recording).sinceIdle;
    for (const measure of ['slabs', 'regions', 'usedMemory'] as const) {
      expect(measures[measure], `${measure} of ${recording.server.name}`).toBeLessThanOrEqual(MOST[measure]);
    }
  }
});
