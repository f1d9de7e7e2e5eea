/** The maxmemory that the lab finds, on a real server under the same traffic: the peak of the process beside the limit. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { concatBytes, Random } from '#slablab/src/base/index.js';
import type { Sizing } from '#slablab/src/remedy/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { slablab } from '../support/cli.js';
import { peakMemoryOf } from '../support/peak-memory.js';
import { modelOfReal, withRealServer } from '../support/real-server.js';

const KEYS = 100_000;
const RSS_MIB = 100;
const POLICY = 'allkeys-lru';

withRealServer(
  'a real server with the maxmemory that the lab finds peaks within 3% below the limit, and above it with 5% more',
  async (binary) => {
    const directory = Server.temporaryDirectory();
    const traffic = join(directory, 'traffic.resp');
    await writeFile(traffic, concatBytes([...dataSet()].map((words) => respOf(...words))));
    const { server, build } = modelOfReal(await inspectBinary(binary));
    const limit = ['--rss', `${RSS_MIB}mb`, '--copied', '0%', '--policy', POLICY];
    const model = ['--server', server, '--build', build, '--json', '--quiet'];
    const { stdout } = await slablab(['size', traffic, ...limit, ...model]);
    const { policies } = JSON.parse(stdout) as Sizing;
    const maxmemory = policies[0]!.maxmemoryBytes!;
    const limitBytes = RSS_MIB * 1024 ** 2;
    const peak = await peakOf(binary, traffic, maxmemory);
    expect(peak).toBeLessThanOrEqual(limitBytes);
    expect(peak).toBeGreaterThan(limitBytes * 0.97);
    expect(await peakOf(binary, traffic, Math.floor(maxmemory * 1.05))).toBeGreaterThan(limitBytes);
  },
);

/** Returns the peak of a process's resident memory under the traffic. */
async function peakOf(binary: string, traffic: string, maxmemory: number): Promise<number> {
  const server = await Server.start(binary, ['--maxmemory', `${maxmemory}`, '--maxmemory-policy', POLICY]);
  try {
    await server.pipe(traffic);
    const info = await server.cli('info', 'server');
    const processId = /^process_id:(\d+)/m.exec(info)?.[1];
    return peakMemoryOf(Number(processId));
  } finally {
    await server.remove();
  }
}

/** Strings of many sizes, of which some are written again, and hashes. */
function* dataSet(): Generator<readonly string[]> {
  const random = new Random(11);
  for (let key = 0; key < KEYS; key++) {
    const name = random.below(4) === 0 ? random.below(key + 1) : key;
    if (key % 5 === 0)
      yield ['HSET', `user:${name}`, 'name', 'v'.repeat(random.below(40)), 'bio', 'v'.repeat(50)];
    else yield ['SET', `session:${name}`, 'v'.repeat(200 + random.below(2500))];
  }
}
