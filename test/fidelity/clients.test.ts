/** 200 clients connect and send commands; 150 of them leave. */
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { withRealServer } from '../support/real-server.js';
import { differences, heldToServer, type Said } from './live.js';

const CLIENTS = 200;
const LEAVE = 150;
/** What a server tidies up after a client (its buffers) takes that long until all have had their turn. */
const SETTLE_MS = 8000;
/**
 * Measured: 0.4% to 0.8%. Each client's reply buffer shrinks as its turn comes, through classes of two to four regions
 * a slab: which slabs of these a cache still holds changes from run to run.
 */
const SLABS_APART = 0.02;
const ROUNDS = 12;
const ROUND_MS = 400;
const BURST = 30;

function* said(): Generator<Said> {
  const random = new Random(901);
  for (let round = 0; round < ROUNDS; round++) {
    const timeMs = round * ROUND_MS;
    for (let client = 0; client < CLIENTS; client++) {
      for (let burst = 0; burst < BURST; burst++) {
        const key = `key:${random.below(50_000)}`;
        const kind = random.below(5);
        if (kind === 0) yield { client, timeMs, words: ['GET', key] };
        else if (kind === 1) yield { client, timeMs, words: ['DEL', key] };
        else yield { client, timeMs, words: ['SET', key, 'v'.repeat(random.below(900))] };
      }
      if (round === 1 && client % 3 === 0)
        yield { client, timeMs, words: ['CLIENT', 'SETNAME', `worker:${client}`] };
      if (round === 2 && client % 4 === 0) yield { client, timeMs, words: ['WATCH', `key:${client}`] };
    }
  }
  for (let index = 0; index < LEAVE; index++) {
    const client = (index * 4 + Math.floor((index * 4) / CLIENTS)) % CLIENTS;
    yield { client, timeMs: ROUNDS * ROUND_MS, words: ['QUIT'] };
  }
}

withRealServer('clients that leave give back what clients of a real server do', async (binary) => {
  const { result, sinceIdle } = await heldToServer({
    name: 'clients',
    binary,
    said,
    settleMs: SETTLE_MS,
    pace: 'stream',
  });
  expect(result.lab.unknown).toEqual([]);
  expect(result.traffic.clients).toBe(CLIENTS);
  const told = differences(sinceIdle);
  if (process.env.SLABLAB_CLASSES !== undefined) console.log(told);
  expect(sinceIdle.measures.slabs, told).toBeLessThanOrEqual(SLABS_APART);
  expect(sinceIdle.measures.regions, told).toBeLessThanOrEqual(0.005);
  expect(sinceIdle.measures.usedMemory, told).toBeLessThanOrEqual(0.001);
});
