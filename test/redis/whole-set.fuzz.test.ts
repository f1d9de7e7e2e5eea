import { expect, test } from 'vitest';
import { Random } from '#slablab/src/trace/index.js';
import { commands } from '../fidelity/replies/grammar.js';
import { newServer } from '../support/redis.js';
import { printedSeed } from '../support/seed.js';

test.each(['redis-7.0', 'redis-7.2', 'valkey-8.0'])(
  '%s: whatever is asked, used memory is what is live, and a flush leaves no data',
  (version) => {
    const { server, execute, operations, liveBytes } = newServer(version);
    const data = () => operations().filter((line) => /key name|value|listpack|member|temporary/.test(line));
    let live = 0;
    for (const words of commands(new Random(printedSeed(version)), 4000)) {
      execute(...words);
      for (const line of data()) {
        if (/^(malloc|calloc)/.test(line)) live++;
        else if (line.startsWith('free')) live--;
      }
    }
    execute('FLUSHALL', 'SYNC');
    server.settle();
    for (const line of data()) live -= line.startsWith('free') ? 1 : line.startsWith('realloc') ? 0 : -1;
    expect(live).toBe(0);
    expect(server.heap.used).toBe(liveBytes());
    expect([...server.unknown.counts]).toEqual([]);
  },
);
