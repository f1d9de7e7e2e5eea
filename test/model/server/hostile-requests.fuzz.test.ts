/**
 * Sends requests of every command with hostile arguments to the model. No request ends it or is left out, and the
 * ledger reconciles after them. TEST_SEED gives the seed, SLABLAB_FUZZ_REQUESTS the number of requests.
 */
import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { CommandWriter } from '#slablab/src/commands/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { SERVERS } from '#slablab/src/model/index.js';
import { hostileRequest } from '../../support/hostile-requests.js';
import { newServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';

const IS_LONG = process.env.SLABLAB_FUZZ_OPERATIONS !== undefined;
const REQUESTS = Number(process.env.SLABLAB_FUZZ_REQUESTS ?? (IS_LONG ? 1_000_000 : 8000));
/** A value may be as large as half a gigabyte, so the keys are deleted before they fill the simulated heap. */
const MAX_LIVE_BYTES = 1_500_000_000;

test.each(SERVERS.flatMap(({ name }) => [[name, false] as const, [name, true] as const]))(
  '%s, cluster %s',
  async (version, isCluster) => {
    const seed = printedSeed(`hostile requests, ${version}`);
    const random = new Random(seed);
    const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
    const { server, writer } = newServer(version, { isCluster, sizeClasses: engine.info.sizeClasses });
    const commands = new CommandWriter();
    const execute = async (client: number, words: readonly string[]) => {
      server.execute(commands.ask(client, timeMs, words).command);
      for (const chunk of server.finish()) await engine.replay(chunk);
      for (const chunk of writer.takeFull()) await engine.replay(chunk);
    };
    let timeMs = 0;
    const sent: string[] = [];
    for (let count = 0; count < REQUESTS; count++) {
      const words = hostileRequest(random);
      timeMs += random.below(50);
      sent.push(words.map((word) => JSON.stringify(word.slice(0, 60))).join(' '));
      if (sent.length > 8) sent.shift();
      await execute(random.below(4), words);
      expect(server.gaps.first, `request ${count}: ${sent.join('\n')}`).toEqual([]);
      if (server.heap.used > MAX_LIVE_BYTES) await execute(9, ['FLUSHALL']);
    }
    server.settle();
    for (const chunk of writer.takeAll()) await engine.replay(chunk);
    // A survey reconciles each slab with the allocator's own figures.
    const { memory } = await engine.survey(0);
    expect(memory.usedMemory).toBe(server.heap.used);
    await engine.close();
  },
);
