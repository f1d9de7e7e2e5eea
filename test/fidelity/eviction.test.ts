/** Which keys go is up to a server's dice; how many are left, and what memory says then, is not. */
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { Server } from '../input/support/server.js';
import { withRealServer } from '../support/real-server.js';
import { COARSE_SIZE_CLASSES, newServer } from '../support/redis.js';
import { replyLengths, type Words } from './replies/lengths.js';

const LIMIT = 20 * 1024 * 1024;
const COMMANDS = 60_000;
/** Measured: 0.26%, 0.06%, 0.08% of keys, and less than 0.002% of bytes. */
const KEYS_APART = 0.01;
const BYTES_APART = 0.001;

function* traffic(policy: string): Generator<Words> {
  const random = new Random(801);
  yield ['CONFIG', 'SET', 'maxmemory', `${LIMIT}`];
  yield ['CONFIG', 'SET', 'maxmemory-policy', policy];
  for (let index = 0; index < COMMANDS; index++) {
    const value = 'v'.repeat(100 + random.below(1000));
    if (random.below(4) === 0) yield ['GET', `key:${random.below(index + 1)}`];
    else yield ['SET', `key:${index}`, value, 'EX', `${100_000 + random.below(100_000)}`];
  }
}

for (const policy of ['allkeys-lru', 'volatile-ttl', 'allkeys-random']) {
  withRealServer(`${policy} at 20 MiB leaves as many keys, in as many bytes`, async (binary) => {
    const server = await Server.start(binary, []);
    try {
      const sent = [...traffic(policy)];
      await replyLengths(server.port, sent);
      const keys = Number(await server.cli('dbsize'));
      const used = Number(/used_memory:(\d+)/.exec(await server.cli('info', 'memory'))?.[1]);
      const model = newServer('redis-7.0', { isSystemAllocator: true, sizeClasses: COARSE_SIZE_CLASSES });
      for (const words of sent) model.execute(...words);
      model.server.settle();
      const { size = 0 } = model.server.databases[0] ?? {};
      expect(size).toBeLessThan(COMMANDS / 2);
      expect(Math.abs(size / keys - 1), `${size} keys, the server's ${keys}`).toBeLessThan(KEYS_APART);
      expect(Math.abs(model.server.heap.used / used - 1)).toBeLessThan(BYTES_APART);
    } finally {
      await server.remove();
    }
  });
}
