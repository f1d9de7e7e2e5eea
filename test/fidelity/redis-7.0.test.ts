import { describe } from 'vitest';
import { since } from '#slablab/src/verify/class-occupancy.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { compare } from '#slablab/src/verify/server-comparison.js';
import { SETTLE_MS } from '#slablab/src/verify/server-session.js';
import { withRealServer } from '../support/real-server.js';
import { describeAsRecorded, expectWithin } from './held.js';
import { modelRun } from './model.js';
import { serverRun } from './server-run.js';
import { STREAMS } from './streams.js';

const runs = describeAsRecorded('redis-7.0.15');

// A server rests most of the time, so several do at once.
describe.concurrent("as Debian's redis-server says now", () => {
  for (const stream of STREAMS.filter(({ servers }) => servers === undefined)) {
    withRealServer(stream.name, async (path) => {
      const { idle, after } = await serverRun(stream, await inspectBinary(path));
      const lab = runs.get(stream) ?? (await modelRun(stream, 'redis-7.0', 'q4', SETTLE_MS));
      const server = since(idle.occupancy, after.occupancy);
      expectWithin(compare(since(lab.idle, lab.after), server).measures);
    });
  }
});
