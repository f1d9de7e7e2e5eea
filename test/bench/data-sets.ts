/** An RDB file of keys of all types, loaded by a real server and by the lab, each as a whole process. */
import { copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryDirectory } from '../../src/output/node.js';
import { respOf } from '../../src/resp/request-writer.js';
import { configurationOf } from '../../src/verify/configuration.js';
import { RealServer } from '../../src/verify/real-server.js';
import type { ServerBinary } from '../../src/verify/server-binary.js';
import type { Leg } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';
import { slablabProgram } from './node-program.js';
import { neededServer, withServer } from './redis-benchmark.js';

const KEYS = 1_000_000;
const ROUNDS = 3;
const GOAL_BYTES = 100;
const PATIENCE = { replyMs: 120_000 };
const FILE = 'dump.rdb';
/** By a profile of the main thread, and by the log of the collector. */
const BOUND_OF_SPEED =
  'no single part: the collector has 12% of the main thread, lookups in the table of keys 6%, hashes of names 5%';
const BOUND_OF_MEMORY =
  'sets of Redis 7.0 are hash tables, whose objects take 90 MB of the heap for 200,000 sets';

/** A fifth each of strings, hashes, lists, sets and sorted sets of a few elements, from a generator with a fixed seed. */
const FILL = `
local state = 1
local function below(limit)
  state = (state * 16807) % 2147483647
  return state % limit
end
for key = 0, tonumber(ARGV[1]) - 1 do
  local kind = key % 5
  if kind == 0 then
    redis.call('SET', 'key:' .. key, 'value:' .. below(1000000))
  elseif kind == 1 then
    redis.call('HSET', 'hash:' .. key, 'name', 'n' .. below(1000000), 'age', below(100), 'x', 'x' .. below(1000000))
  elseif kind == 2 then
    redis.call('RPUSH', 'list:' .. key, 'e' .. below(1000000), 'e' .. below(1000000), 'e' .. below(1000000))
  elseif kind == 3 then
    redis.call('SADD', 'set:' .. key, 'm' .. below(1000000), 'm' .. below(1000000))
  else
    redis.call('ZADD', 'zset:' .. key, below(1000000) / 1000, 'a' .. below(100000), below(1000), 'b' .. below(100000))
  end
end
return redis.status_reply('OK')`;

interface DataSetLoad {
  readonly keys: number;
  readonly fileBytes: number;
  readonly serverSeconds: number;
  readonly labSeconds: number;
  /** server / lab */
  readonly ofServer: number;
  /** The lab's highest memory beyond that of a run of one command, a key. */
  readonly bytesPerKey: number;
}

export const dataSets: Leg = {
  title: 'Loading an RDB file',
  about:
    'An RDB file of strings, hashes, lists, sets and sorted sets of up to three elements, loaded by the server that saved it ' +
    "and by `slablab run --quiet`, which also replays it and reports: the processor's time of whole processes, all threads " +
    "together, and the lab's highest memory beyond that of a run of one command, its own allocator's with it.",
  async measure() {
    const binary = await neededServer();
    const result = await measureWith(binary);
    const { keys, fileBytes, serverSeconds, labSeconds, ofServer, bytesPerKey } = result;
    return {
      tables: [
        {
          caption: `${keys} keys in ${(fileBytes / 1e6).toFixed(0)} MB, lower quartile of ${ROUNDS} runs`,
          columns: ['', 'processor time', 'bytes a key'],
          rows: [
            [`${binary.product} ${binary.version}`, `${serverSeconds.toFixed(2)} s`, ''],
            ['slablab run', `${labSeconds.toFixed(2)} s`, bytesPerKey.toFixed(0)],
          ],
        },
      ],
      goals: [
        {
          what: 'RDB file of 1 M keys: speed of the run / of the server',
          measured: ofServer,
          is: 'at least',
          goal: 1,
          unit: '',
          bound: BOUND_OF_SPEED,
        },
        {
          what: 'RDB file of 1 M keys: process memory of a key',
          measured: bytesPerKey,
          is: 'at most',
          goal: GOAL_BYTES,
          unit: 'B',
          bound: BOUND_OF_MEMORY,
        },
      ],
      figures: result,
    };
  },
};

async function measureWith(binary: ServerBinary): Promise<DataSetLoad> {
  const directory = await TemporaryDirectory.make('slablab-data-set-');
  try {
    const image = join(directory.path, FILE);
    await makeImage(binary, image);
    const small = join(directory.path, 'one.resp');
    await writeFile(small, respOf('SET', 'key', 'value'));
    const idle = await slablabProgram('run', small, '--quiet');
    const server: number[] = [];
    const lab: number[] = [];
    let peakBytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      server.push(await serverLoad(binary, image));
      const used = await slablabProgram('run', image, '--quiet');
      lab.push(used.cpuSeconds);
      peakBytes = Math.max(peakBytes, used.peakBytes);
    }
    const serverSeconds = fastQuartileOfTimes(server);
    const labSeconds = fastQuartileOfTimes(lab);
    return {
      keys: KEYS,
      fileBytes: (await stat(image)).size,
      serverSeconds,
      labSeconds,
      ofServer: serverSeconds / labSeconds,
      bytesPerKey: (peakBytes - idle.peakBytes) / KEYS,
    };
  } finally {
    await directory.remove();
  }
}

async function makeImage(binary: ServerBinary, path: string): Promise<void> {
  await withServer(binary, async (server) => {
    const connection = await server.connect();
    try {
      await connection.ask('EVAL', FILL, '0', `${KEYS}`);
      const [directory = ''] = (await connection.ask('CONFIG', 'GET', 'dir')).slice(-1);
      await connection.ask('SAVE');
      await copyFile(join(directory, FILE), path);
    } finally {
      connection.close();
    }
  });
}

/** Returns the processor's seconds of a server from its start until it has loaded a file. */
async function serverLoad(binary: ServerBinary, image: string): Promise<number> {
  const server = await RealServer.start(binary, {
    configuration: configurationOf(binary),
    port: undefined,
    conf: '',
    patience: PATIENCE,
    place: (directory) => copyFile(image, join(directory, FILE)),
  });
  try {
    const connection = await server.connect();
    const text = (await connection.ask('INFO', 'cpu')).join('\n');
    connection.close();
    const part = (name: string) => Number(new RegExp(`^used_cpu_${name}:([\\d.]+)`, 'm').exec(text)?.[1]);
    const seconds = part('sys') + part('user');
    if (Number.isNaN(seconds)) throw new Error(`the server does not say what it used: ${text}`);
    return seconds;
  } finally {
    await server.stop();
  }
}
