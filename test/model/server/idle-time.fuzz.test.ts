import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { SERVERS } from '#slablab/src/model/index.js';
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
