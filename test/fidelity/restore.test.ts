/** DUMP payloads of a real server's values of every encoding, restored by it and by the model. */
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { PATIENCE, withRealServer } from '../support/real-server.js';
import { differences, heldToServer, type Said } from './live.js';

function many<T>(count: number, word: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => word(at));
}

/** A key for each encoding. */
const TEMPLATES: readonly (readonly string[])[] = [
  ['SET', 'short', 'abc'],
  ['SET', 'number', '1234567'],
  ['SET', 'compressed', 'x'.repeat(700)],
  ['SET', 'raw', many(90, (at) => String.fromCharCode(33 + ((at * 37) % 90))).join('')],
  ['RPUSH', 'list', ...many(40, (at) => `element ${at}`)],
  ['RPUSH', 'nodes', ...many(60, (at) => `${at}`.repeat(150))],
  ['SADD', 'intset', ...many(30, (at) => `${at * 1000}`)],
  ['SADD', 'set', ...many(150, (at) => `member ${at}`)],
  ['ZADD', 'zset', ...many(20, (at) => [`${at}.5`, `m${at}`]).flat()],
  ['ZADD', 'skiplist', ...many(150, (at) => [`${at}`, `member ${at}`]).flat()],
  ['HSET', 'hash', ...many(20, (at) => [`field ${at}`, `value ${at}`]).flat()],
  ['HSET', 'table', 'field', 'x'.repeat(100), 'other', 'y'],
  ['XADD', 'stream', '1-1', 'a', '1', 'b', '2'],
];

async function payloads(path: string): Promise<Uint8Array[]> {
  const binary = await inspectBinary(path);
  const server = await RealServer.start(binary, {
    configuration: configurationOf(binary),
    port: undefined,
    conf: '',
    patience: PATIENCE,
  });
  try {
    const connection = await server.connect();
    const found: Uint8Array[] = [];
    for (const words of TEMPLATES) {
      await connection.ask(...words);
      const [text = ''] = await connection.ask('DUMP', words[1]!);
      found.push(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    }
    connection.close();
    return found;
  } finally {
    await server.stop();
  }
}

function* said(dumped: readonly Uint8Array[]): Generator<Said> {
  const random = new Random(911);
  for (let index = 0; index < 12_000; index++) {
    const key = `key:${random.below(8000)}`;
    const payload = dumped[random.below(dumped.length)]!;
    const kind = random.below(10);
    const options = kind < 7 ? ['REPLACE'] : [];
    const ttl = kind === 5 ? '90000000' : '0';
    if (kind === 9) yield { client: 0, words: ['DEL', key] };
    else yield { client: 0, words: ['RESTORE', key, ttl, payload, ...options] };
    if (kind === 8) yield { client: 0, words: ['DUMP', key] };
  }
  yield { client: 0, words: ['RESTORE', 'broken', '0', new Uint8Array(30)] };
}

withRealServer('RESTORE makes of a payload what a real server makes of it', async (binary) => {
  const dumped = await payloads(binary);
  expect(dumped.map(({ length }) => length > 10)).toEqual(dumped.map(() => true));
  const { result, sinceIdle } = await heldToServer({
    name: 'restore',
    binary,
    said: () => said(dumped),
    settleMs: 4000,
  });
  expect(result.lab.unknown).toEqual([]);
  const told = differences(sinceIdle);
  if (process.env.SLABLAB_CLASSES !== undefined) console.log(told);
  expect(sinceIdle.measures.slabs, told).toBeLessThanOrEqual(0.01);
  expect(sinceIdle.measures.regions, told).toBeLessThanOrEqual(0.005);
  expect(sinceIdle.measures.usedMemory, told).toBeLessThanOrEqual(0.005);
});
