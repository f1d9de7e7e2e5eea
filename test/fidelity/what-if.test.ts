/** Changes of a loaded data set, made on a real server by the lines that the lab prints, beside the lab's own figures. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { concatBytes, Random } from '#slablab/src/base/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import type { RunResult } from '#slablab/src/run/index.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { slablab } from '../support/cli.js';
import { modelOfReal, withRealServer } from '../support/real-server.js';

const KEYS = 80_000;
const TOLERANCE = 0.02;
/** Active bytes by which four servers with this data set differed after the same UNLINK: 4,673,536 to 4,931,584. */
const SPREAD_OF_ACTIVE = 258_048;

withRealServer(
  'a real server gives back what the lab reports: UNLINK of a pattern, MEMORY PURGE, a restart',
  async (binary) => {
    let real = await Server.start(binary, []);
    const { directory } = real;
    const restart = async () => {
      await real.cli('save');
      await real.stop();
      real = await Server.start(binary, [], directory);
    };
    try {
      const traffic = join(directory, 'traffic.resp');
      await writeFile(traffic, concatBytes([...dataSet()].map((words) => respOf(...words))));
      await real.pipe(traffic);
      await restart();

      const steps = ['unlink session:*', 'purge', 'restart'];
      const { server, build } = modelOfReal(await inspectBinary(binary));
      const setup = ['--server', server, '--build', build, '--json'];
      const { stdout } = await slablab([
        'whatif',
        join(directory, 'dump.rdb'),
        ...setup,
        ...steps.flatMap((step) => ['--then', step]),
      ]);
      const lab = JSON.parse(stdout) as RunResult;
      expect(lab.phases.map(({ name }) => name)).toEqual(['end', ...steps]);

      const loaded = await figuresOf(real);
      for (const { name, keys, memory, change } of lab.phases) {
        if (change?.step === 'restart') await restart();
        else if (change !== undefined) await inShell(change.onServer, real);
        const is = await figuresOf(real);
        expect(keys, name).toBe(is.keys);
        expectNear(memory.active, is.active, `${name}: active`);
        expectNear(memory.usedMemory, is.usedMemory, `${name}: used_memory`);
        if (change === undefined) continue;
        const [start] = lab.phases;
        const back = start!.memory.active - memory.active;
        expectNear(back, loaded.active - is.active, `${name}: active that came back`, SPREAD_OF_ACTIVE);
        const freed = start!.memory.usedMemory - memory.usedMemory;
        expectNear(freed, loaded.usedMemory - is.usedMemory, `${name}: used_memory that was freed`);
      }
    } finally {
      await real.remove();
    }
  },
);

/** Runs a line that the lab printed, against this server. */
async function inShell(line: string, { port }: Server): Promise<void> {
  await promisify(execFile)('sh', ['-c', line.replaceAll(/(?:redis|valkey)-cli/g, `redis-cli -p ${port}`)]);
}

/** The figures of a server that has freed everything. INFO's own sample of active pages can be 100 ms old. */
async function figuresOf(server: Server) {
  const memory = async (name: string) =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await server.cli('info', 'memory'))?.[1]);
  await expect.poll(() => memory('lazyfree_pending_objects')).toBe(0);
  const [, active] = /^Allocated: \d+, active: (\d+)/m.exec(await server.cli('memory', 'malloc-stats')) ?? [];
  return {
    usedMemory: await memory('used_memory'),
    active: Number(active),
    keys: Number(await server.cli('dbsize')),
  };
}

/** Holds a figure of the lab to that of a server; differences up to `least` are always allowed. */
function expectNear(lab: number, real: number, what: string, least = 0): void {
  const limit = Math.max(least, TOLERANCE * real);
  expect(Math.abs(lab - real), `${what}: ${lab} beside ${real}`).toBeLessThanOrEqual(limit);
}

/** Sessions and caches of many sizes, hashes, lists, sets and sorted sets, mixed. */
function* dataSet(): Generator<readonly string[]> {
  const random = new Random(7);
  const text = (least: number, most: number) => 'v'.repeat(least + random.below(most - least));
  const many = (most: number, one: (at: number) => readonly string[]) =>
    Array.from({ length: 1 + random.below(most) }, (_, at) => one(at)).flat();
  for (let key = 0; key < KEYS; key++) {
    const kind = random.below(100);
    if (kind < 40) yield ['SET', `session:${key}`, text(200, 2000)];
    else if (kind < 60) {
      yield ['HSET', `user:${key}`, 'name', text(5, 30), 'bio', text(10, 60), 'age', `${kind}`];
    } else if (kind < 75) yield ['SET', `cache "${key}"`, text(20, 200)];
    else if (kind < 85) yield ['RPUSH', `queue:${key}`, ...many(40, () => [text(20, 60)])];
    else if (kind < 92) yield ['SADD', `tags:${key}`, ...many(200, (at) => [`t${at}`])];
    else yield ['ZADD', `board:${key}`, ...many(200, (at) => [`${at / 7}`, `m${at}`])];
  }
}
