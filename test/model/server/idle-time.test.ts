import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { SERVERS } from '#slablab/src/model/index.js';
import { type Round, skipVisits } from '#slablab/src/model/server/client-round.js';
import { newServer, type TestServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

const VERSIONS = SERVERS.map(({ name }) => name);
const CLIENTS = [1, 7, 103];
/** `make fuzz` has more keys and steps. */
const SCALE = process.env.SLABLAB_FUZZ_OPERATIONS === undefined ? 1 : 4;
const WORDS: readonly ((random: Random, key: string) => readonly string[])[] = [
  (_, key) => ['SET', key, 'x'.repeat(30)],
  (random, key) => ['SET', key, 'x', 'PX', `${1 + random.below(400_000)}`],
  (random, key) => ['PEXPIRE', key, `${1 + random.below(100_000)}`],
  (_, key) => ['DEL', key],
  (_, key) => ['GET', key],
  (_, key) => ['APPEND', key, 'y'.repeat(5000)],
  (_, key) => ['BLPOP', `l${key}`, '7'],
  () => ['BGSAVE'],
  (random) => ['CONFIG', 'SET', 'hz', `${1 + random.below(60)}`],
  (random) => ['CONFIG', 'SET', 'active-expire-effort', `${1 + random.below(10)}`],
];

interface Step {
  readonly client: number;
  readonly waitMs: number;
  readonly words: readonly string[];
}

function* stepsOf(random: Random, clients: number): Generator<Step> {
  const keys = 20 + random.below(500 * SCALE);
  for (let key = 0; key < keys; key++) {
    const ttl = random.below(2) === 0 ? [] : ['PX', `${1 + random.below(1_000_000)}`];
    yield { client: key % clients, waitMs: 0, words: ['SET', `key:${key}`, 'x', ...ttl] };
  }
  for (let count = 0; count < 10 * SCALE; count++) {
    const words = WORDS[random.below(WORDS.length)]!(random, `key:${random.below(keys)}`);
    const waitMs = random.below(4) === 0 ? random.below(80_000 * SCALE) : random.below(9000);
    yield { client: random.below(clients), waitMs, words };
  }
}

/** Sends each step after its wait. Returns the operations, with one `advance` for each stretch of time. */
function played(test: TestServer, steps: Iterable<Step>, pass: (toMs: number) => void): string[] {
  const { server, execute, executeAs, operations } = test;
  for (const { client, waitMs, words } of steps) {
    const now = server.nowMs;
    server.settle();
    pass(now + waitMs);
    executeAs(client, server.nowMs, ...words);
  }
  server.settle();
  pass(server.nowMs + 500_000 * SCALE);
  execute('INFO');
  return merged(operations());
}

function merged(operations: readonly string[]): string[] {
  const lines: string[] = [];
  let waited = 0;
  for (const line of operations) {
    if (line.startsWith('advance ')) waited += Number(line.slice('advance '.length));
    else {
      if (waited > 0) lines.push(`advance ${waited}`);
      waited = 0;
      lines.push(line);
    }
  }
  return lines;
}

test.each(VERSIONS)('%s: time that is skipped changes what ticks change', (version) => {
  const seed = printedSeed(`idle time, ${version}`);
  for (const [index, clients] of CLIENTS.entries()) {
    for (const isCluster of [false, true]) {
      const steps = [...stepsOf(new Random(seed + index), clients)];
      const skipping = newServer(version, { isCluster });
      const ticking = newServer(version, { isCluster });
      const skipped = played(skipping, steps, (toMs) => skipping.server.advanceTo(toMs));
      const ticked = played(ticking, steps, (toMs) => {
        // A call of at most 15 ticks is too short for skipping.
        while (ticking.server.nowMs < toMs)
          ticking.server.advanceTo(Math.min(ticking.server.nowMs + 200, toMs));
      });
      expect(skipped).toEqual(ticked);
      expect(skipping.server.nowMs).toBe(ticking.server.nowMs);
    }
  }
});

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
