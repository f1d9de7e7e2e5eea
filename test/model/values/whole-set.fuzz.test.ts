import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { commands } from '../../fidelity/replies/grammar.js';
import { newServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

test.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])(
  '%s: whatever is asked, used memory is what is live, and nothing of it outlives a flush',
  (version) => {
    const seed = printedSeed(version);
    const { server, execute, liveBytes } = newServer(version);
    // What a command leaves behind for good (its statistics), it leaves the first time.
    const passes = [1, 2].map(() => {
      for (const words of commands(new Random(seed), 4000)) execute(...words);
      execute('FLUSHALL', 'SYNC');
      server.settle();
      expect(server.heap.used).toBe(liveBytes());
      return server.heap.used;
    });
    expect(passes[1]).toBe(passes[0]);
    expect([...server.unknown.counts]).toEqual([]);
  },
);
