import { expect } from 'vitest';
import { type KindFigures, type TypeProfile, typeProfile } from '#slablab/src/analysis/index.js';
import { Random } from '#slablab/src/base/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { MemoryAccounts } from '#slablab/src/model/index.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { PATIENCE, withRealServer } from '../support/real-server.js';
import { newServer } from '../support/redis.js';

type Words = readonly string[];
const KEYS_PER_TYPE = 60;

/** Keys of all types and encodings, of sizes from tiny to large, written and partly taken away again. */
function* traffic(random: Random): Generator<Words> {
  const text = (most: number) => 'x'.repeat(1 + random.below(most));
  const several = (make: (at: number) => Words) =>
    Array.from({ length: 1 + random.below(random.below(4) === 0 ? 900 : 60) }, (_, at) => make(at)).flat();
  for (let at = 0; at < KEYS_PER_TYPE; at++) {
    yield ['SET', `string:${at}`, random.below(3) === 0 ? `${random.below(1e9)}` : text(3000)];
    yield ['SETRANGE', `string:grown:${at}`, `${random.below(500)}`, text(90)];
    yield ['APPEND', `string:grown:${at}`, text(400)];
    yield ['RPUSH', `list:${at}`, ...several(() => [text(200)])];
    yield ['LTRIM', `list:${at}`, '1', '-1'];
    yield ['SADD', `set:${at}`, ...several((n) => [`${n * 3}`])];
    yield ['SADD', `set:words:${at}`, ...several((n) => [`${text(40)}${n}`])];
    yield ['ZADD', `zset:${at}`, ...several((n) => [`${random.below(1000) / 8}`, `${text(30)}${n}`])];
    yield ['HSET', `hash:${at}`, ...several((n) => [`${text(20)}${n}`, text(60)])];
    yield ['HDEL', `hash:${at}`, ...several((n) => [`x${n}`])];
    yield ['PEXPIRE', `hash:${at}`, '100000000'];
    const entries = random.below(400);
    for (let id = 1; id <= entries + 1; id++) yield ['XADD', `stream:${at}`, `${id}-1`, 'field', text(60)];
  }
}

/** Of every key: its type, and MEMORY USAGE of all its elements. */
const USAGE = `
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  table.insert(found, redis.call('TYPE', key).ok)
  table.insert(found, tostring(redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')))
end
return found`;

/**
 * MEMORY USAGE counts some structs by sizeof, where the profile has what the allocator gave (object.c:
 * objectComputeSize); and to each key it adds the entry of the main table, which the profile counts as the keyspace's.
 */
const BY_SIZEOF: Readonly<Record<string, number>> = {
  'dict entry': 24,
  dict: 56,
  quicklist: 40,
  'quicklist node': 40,
};
const ENTRY = 24;

/** A radix tree is estimated: an id for each element, and for each node its head and 30 children. */
const NODE_ESTIMATE = 4 + 30 * 8;
const ID = 16;

/** What that is more than the trees of streams really are. */
function treeEstimate({ kinds }: TypeProfile): number {
  const kind = (name: string) => kinds.find((row) => row.kind === name) ?? { regions: 0, bytes: 0 };
  const trees = kind('radix tree');
  const nodes = kind('radix tree node');
  const elements = kind('stream listpack').regions;
  return elements * ID + nodes.regions * NODE_ESTIMATE - trees.bytes - nodes.bytes;
}

function likeMemoryUsage({ types, kinds }: TypeProfile, type: keyof TypeProfile['types']): number {
  const sizeofs = kinds.filter(({ subject }) => subject === type);
  const difference = ({ kind, bytes, regions }: KindFigures) => {
    const size = BY_SIZEOF[kind];
    return size === undefined ? 0 : regions * size - bytes;
  };
  return sizeofs.reduce((sum, row) => sum + difference(row), types[type].bytes) + types[type].keys * ENTRY;
}

withRealServer('bytes by type are the sums of MEMORY USAGE, within 1%', async (path) => {
  const binary = await inspectBinary(path);
  const configuration = configurationOf(binary);
  const server = await RealServer.start(binary, {
    configuration,
    port: undefined,
    conf: '',
    patience: PATIENCE,
  });
  const engine = await openEngine({ build: 'q4', conf: '', hooks: 'complete', runtime: 'wasm' });
  try {
    const memoryAccounts = new MemoryAccounts();
    const model = newServer('redis-7.0', { accounts: memoryAccounts, sizeClasses: engine.info.sizeClasses });
    const connection = await server.connect();
    for (const words of traffic(new Random(4))) {
      model.execute(...words);
      await connection.ask(...words);
    }
    const said = await connection.ask('EVAL', USAGE, '0');
    const usage: Record<string, number> = {};
    for (let at = 0; at < said.length; at += 2) {
      const type = said[at]!;
      usage[type] = (usage[type] ?? 0) + Number(said[at + 1]);
    }
    const profile = typeProfile(memoryAccounts.copy());
    const report: Record<string, number> = {};
    for (const [type, bytes] of Object.entries(usage)) {
      const name = type as keyof TypeProfile['types'];
      const estimate = name === 'stream' ? treeEstimate(profile) : 0;
      report[type] = (likeMemoryUsage(profile, name) + estimate) / bytes;
    }
    expect(Object.keys(report).sort()).toEqual(['hash', 'list', 'set', 'stream', 'string', 'zset']);
    for (const ratio of Object.values(report)) {
      expect(ratio).toBeGreaterThan(0.99);
      expect(ratio).toBeLessThan(1.01);
    }
    connection.close();
  } finally {
    await server.stop();
    await engine.close();
  }
});
