/** MEMORY USAGE of streams, as real servers on build `q4` answered it after the same commands. */
import { expect, test } from 'vitest';
import { answerMemoryUsage } from '#slablab/src/model/inspect/memory-usage.js';
import { COARSE_SIZE_CLASSES, newServer, type TestServer } from '../../support/redis.js';

const START = 1_796_070_000_000;

function fill({ execute }: TestServer): void {
  const id = (ms: number) => `${START + ms}-0`;
  for (let at = 0; at < 400; at++) {
    execute('XADD', 'plain', id(at * 7), 'event', 'waiting', 'jobId', `${at}`);
    execute('XADD', 'trimmed', 'MAXLEN', '~', '200', id(at * 90), 'f', 'v'.repeat(1 + (at % 40)));
  }
  execute('XGROUP', 'CREATE', 'plain', 'readers', '0');
  for (let at = 0; at < 10; at++) {
    execute('XREADGROUP', 'GROUP', 'readers', `worker-${at % 4}`, 'COUNT', '11', 'STREAMS', 'plain', '>');
  }
  for (let at = 0; at < 20; at++) execute('XACK', 'plain', 'readers', id(at * 14));
}

test.each([
  ['redis-8.0', 113_320, 8800],
  ['redis-8.6', 31_488, 6824],
  ['valkey-8.0', 113_320, 8792],
  ['valkey-8.1', 25_096, 7456],
  ['valkey-9.1', 25_112, 7472],
])('%s', (version, plain, trimmed) => {
  const lab = newServer(version, { sizeClasses: COARSE_SIZE_CLASSES });
  fill(lab);
  const usage = (key: string) => {
    const answer = answerMemoryUsage(lab.server, lab.server.databases[0]!, [key, 'SAMPLES', '0']);
    return answer.error ?? answer.bytes;
  };
  expect([usage('plain'), usage('trimmed')]).toEqual([plain, trimmed]);
});
