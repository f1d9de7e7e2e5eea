import { describe, expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { answerMemoryUsage } from '#slablab/src/model/index.js';
import { respOf } from '#slablab/src/resp/request-writer.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary, type ServerBinary } from '#slablab/src/verify/server-binary.js';
import { keyspaceCommands } from '../support/keyspace-commands.js';
import { modelOfReal, PATIENCE, withRealServer } from '../support/real-server.js';
import { newServer } from '../support/redis.js';
import { printedSeed } from '../support/seed.js';

interface Usage {
  readonly key: string;
  readonly encoding: string;
  readonly bytes: number;
}

/**
 * Not the same to the byte, because servers throw dice: the levels of skiplist nodes, and in valkey-8.0, which counts
 * entries as they are, the seed of the hash: it decides which members of a set share a bucket and so have one.
 */
const isDiced = ({ key, encoding }: Usage, model: string) =>
  encoding === 'skiplist' || (model === 'valkey-8.0' && encoding === 'hashtable' && /set:/.test(key));

describe('MEMORY USAGE key SAMPLES 0', () => {
  withRealServer('as a real server says it, key by key and in sum', async (path) => {
    const seed = printedSeed('memory usage');
    const binary = await inspectBinary(path);
    const real = await onServer(binary, seed);
    const model = modelOfReal(binary);
    const lab = await inLab(model, seed, real);
    expect(new Set(real.map(({ encoding }) => encoding)).size).toBeGreaterThanOrEqual(9);
    const exact = real.filter((usage) => !isDiced(usage, model.server));
    const labOf = new Map(lab.map(({ key, bytes }) => [key, bytes]));
    expect(exact.filter(({ key, bytes }) => labOf.get(key) !== bytes)).toEqual([]);
    console.log(`${exact.length} of ${real.length} keys to the byte`);
    const far = real.filter(({ key, bytes }) => Math.abs((labOf.get(key) ?? 0) / bytes - 1) > 0.05);
    expect(far.map(({ key, bytes }) => [key, bytes, labOf.get(key)])).toEqual([]);
    for (const type of ['integer', 'string', 'list', 'set', 'intset', 'hash', 'zset', 'stream', '']) {
      const sumOf = (usages: readonly Usage[]) =>
        usages.filter(({ key }) => key.startsWith(type)).reduce((sum, { bytes }) => sum + bytes, 0);
      const distance = sumOf(lab) / sumOf(real) - 1;
      console.log(`${type === '' ? 'all' : type}: ${sumOf(real)} bytes, lab ${(distance * 100).toFixed(3)}%`);
      expect(Math.abs(distance), type).toBeLessThan(0.01);
    }
  });
});

async function onServer(binary: ServerBinary, seed: number): Promise<Usage[]> {
  const options = { configuration: configurationOf(binary), port: undefined, conf: '', patience: PATIENCE };
  const server = await RealServer.start(binary, options);
  try {
    const client = await server.connect();
    let pending: Uint8Array[] = [];
    const send = async () => {
      await client.send(Buffer.concat(pending), pending.length);
      pending = [];
    };
    for (const words of keyspaceCommands(new Random(seed))) {
      pending.push(respOf(...words));
      if (pending.length === 500) await send();
    }
    await send();
    expect(client.errors).toEqual([]);
    const real: Usage[] = [];
    for (const key of (await client.ask('KEYS', '*')).sort()) {
      const [encoding = ''] = await client.ask('OBJECT', 'ENCODING', key);
      const [bytes] = await client.ask('MEMORY', 'USAGE', key, 'SAMPLES', '0');
      real.push({ key, encoding, bytes: Number(bytes) });
    }
    client.close();
    return real;
  } finally {
    await server.stop();
  }
}

async function inLab(
  model: ReturnType<typeof modelOfReal>,
  seed: number,
  real: readonly Usage[],
): Promise<Usage[]> {
  const engine = await openEngine({ build: model.build, conf: '', hooks: 'complete', runtime: 'wasm' });
  const { sizeClasses } = engine.info;
  await engine.close();
  const { server, execute } = newServer(model.server, { sizeClasses });
  for (const words of keyspaceCommands(new Random(seed))) execute(...words);
  return real.map(({ key, encoding }) => {
    const answer = answerMemoryUsage(server, server.databases[0]!, [key, 'SAMPLES', '0']);
    return { key, encoding, bytes: answer.error === undefined ? (answer.bytes ?? 0) : Number.NaN };
  });
}
