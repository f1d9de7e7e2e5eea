import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { SERVERS } from '#slablab/src/model/index.js';
import { type Round, skipVisits } from '#slablab/src/model/server/client-round.js';
import { newServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

const VERSIONS = SERVERS.map(({ name }) => name);

test.each(VERSIONS)('%s: ten years take as few operations as an hour', (version) => {
  const { server, execute, operations } = newServer(version);
  for (let key = 0; key < 500; key++) execute('SET', `key:${key}`, 'x', 'EX', `${40 + key * 600_000}`);
  server.advanceTo(10 * 365 * 86_400_000);
  const lines = operations();
  expect(server.databases[0]?.size).toBe(0);
  expect(lines.length).toBeLessThan(1_000_000);
});

test('a round that is skipped leaves each client with the reset that visits leave it with', () => {
  const random = new Random(printedSeed('rounds of clients'));
  for (let count = 0; count < 2000; count++) {
    const size = 1 + random.below(40);
    const round: Round = {
      firstMs: random.below(10_000),
      periodMs: 1 + random.below(1000),
      ticks: 1 + random.below(300),
      visitsPerTick: 1 + random.below(size),
      nextVisit: random.below(1000),
    };
    const resets = Array.from({ length: size }, () => round.firstMs - random.below(9000));
    const everyMs = 1 + random.below(5000);
    const skipped = [...resets];
    const clients = skipped.map((_, index) => ({
      replyBuffer: {
        skipResets(skip: (resetMs: number, everyMs: number) => number) {
          skipped[index] = skip(skipped[index]!, everyMs);
        },
      },
    }));
    const next = skipVisits(clients, round);
    let visit = round.nextVisit;
    for (let tick = 0; tick < round.ticks; tick++) {
      const nowMs = round.firstMs + tick * round.periodMs;
      for (let visits = 0; visits < round.visitsPerTick; visits++) {
        const index = visit++ % size;
        if (nowMs - resets[index]! >= everyMs) resets[index] = nowMs;
      }
    }
    expect({ next, skipped }).toEqual({ next: visit, skipped: resets });
  }
});
