import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sizing } from '#slablab/src/remedy/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import * as rdb from '../input/support/rdb.js';
import { slablab } from '../support/cli.js';
import { expectValid } from '../support/schemas.js';

const MIB = 1024 ** 2;
const PROCESS = 9 * MIB;

let directory: string;
let traffic: readonly string[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-size-'));
  const path = join(directory, 'traffic.resp');
  const commands = Array.from({ length: 20_000 }, (_, at) => respOf('SET', `key:${at}`, 'v'.repeat(1000)));
  await writeFile(path, Buffer.concat(commands));
  traffic = ['size', path, '--copied', '0%'];
});
afterAll(() => rm(directory, { recursive: true }));

async function sizingOf(args: readonly string[]): Promise<Sizing> {
  const { stdout } = await slablab([...args, '--json', '--quiet']);
  const sizing = JSON.parse(stdout) as Sizing;
  await expectValid(sizing);
  return sizing;
}

describe('slablab size', () => {
  test('finds the maxmemory of each policy, whose peak is just below the limit', async () => {
    const policies = ['--policy', 'allkeys-lru', '--policy', 'noeviction'];
    const { limit, policies: found } = await sizingOf([...traffic, '--rss', '24mb', ...policies]);
    expect(limit.allocatorBytes).toBe(15 * MIB);
    expect(found.map(({ policy }) => policy)).toEqual(['allkeys-lru', 'noeviction']);
    for (const { peakBytes, maxmemoryBytes } of found) {
      expect(peakBytes).toBeLessThanOrEqual(limit.allocatorBytes);
      expect(peakBytes).toBeGreaterThan(limit.allocatorBytes * 0.97);
      expect(maxmemoryBytes).toBeGreaterThan(8 * MIB);
    }
  });

  test('tells where no limit is needed, and where none is low enough', async () => {
    const roomy = await slablab([...traffic, '--rss', '1gb']);
    expect(roomy.stdout).toContain('this traffic needs no limit');
    const narrow = await slablab([...traffic, '--rss', '10mb', '--policy', 'noeviction']);
    expect(narrow.stdout).toContain('no maxmemory is low enough');
  });

  test('finds the number of keys of a data set, at a part of its size if that is large', async () => {
    const keys = Array.from({ length: 500 }, (_, at) => rdb.key(0, `key:${at}`, rdb.str('v'.repeat(2000))));
    const path = join(directory, 'dump.rdb');
    await writeFile(path, Buffer.from(rdb.image(keys.join('')), 'latin1'));
    const { dataSet, limit } = await sizingOf(['size', path, '--rss', '100mb']);
    expect(limit.allocatorBytes).toBe(Math.floor((100 * MIB - PROCESS) / 1.1));
    expect(dataSet!.replayedShare).toBe(1);
    expect(dataSet!.keys).toBeGreaterThan(30_000);
    expect(dataSet!.keys).toBeLessThan(45_000);
    expect(dataSet!.peakBytes).toBeLessThanOrEqual(limit.allocatorBytes);
    const large = await sizingOf(['size', path, '--rss', '2gb']);
    expect(large.dataSet!.replayedShare).toBe(0.25);
    // Twenty times the memory holds twenty times the keys.
    const more = large.limit.allocatorBytes / limit.allocatorBytes;
    expect(large.dataSet!.keys / dataSet!.keys / more).toBeCloseTo(1, 1);
  });

  test.each([
    [['--rss', '9mb'], '--rss 9437184: is not above the memory of the process'],
    [['--rss', '8 MiB'], '--rss 8388608: is not above the memory of the process'],
    [['--rss', 'much'], 'write a size of at least 1kb'],
    [['--policy', 'lru'], 'is not a value of --policy'],
  ])('%j is refused', async (args, reason) => {
    const { exitCode, stderr } = await slablab([...traffic, ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(reason);
  });
});
