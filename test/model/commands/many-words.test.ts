/** Requests of more words than a call can have arguments. */
import { expect, test } from 'vitest';
import { commandOf } from '#slablab/src/resp/request-writer.js';
import { newServer } from '../../support/redis.js';

const COUNT = 130_000;
const VERSIONS = ['redis-7.0', 'redis-8.6', 'valkey-9.1'];

const each = (words: (index: number) => readonly string[]) =>
  Array.from({ length: COUNT }, (_, at) => words(at)).flat();
const REQUESTS: readonly (readonly string[])[] = [
  ['BITFIELD', 'bits', ...each((at) => ['SET', 'u8', `#${at % 100}`, '1'])],
  ['GEOADD', 'places', ...each((at) => ['1', '2', `m${at % 100}`])],
  ['HSET', 'hash', ...each((at) => [`f${at % 100}`, 'v'])],
  ['HDEL', 'hash', ...each((at) => [`f${at}`])],
  ['MSET', ...each((at) => [`k${at % 100}`, 'v'])],
  ['ZUNIONSTORE', 'union', `${COUNT}`, ...each(() => ['places'])],
  ['XREAD', 'STREAMS', ...each(() => ['x']), ...each(() => ['0'])],
  ['WATCH', ...each((at) => [`k${at}`])],
  ['UNWATCH'],
  ['DEL', ...each((at) => [`k${at}`])],
];

test.each(VERSIONS)('%s: are carried out', (version) => {
  const { server } = newServer(version);
  for (const words of REQUESTS) {
    server.execute(commandOf(words));
    for (const _ of server.finish());
  }
  expect(server.databases[0]?.size).toBe(3);
});
