import { describe, expect, test } from 'vitest';
import { argumentText } from '#slablab/src/commands/command.js';
import { recordings } from './recorded.js';
import { digestOf } from './stream-digest.js';
import { SHORT_STREAMS, STREAMS } from './streams.js';

const SERVERS = [
  'redis-7.0.15',
  'redis-7.2.6',
  'redis-8.0.2',
  'redis-8.6.3',
  'valkey-8.0.1',
  'valkey-8.1.1',
  'valkey-9.1.2',
];

const names = new Set<string>();

describe.each(STREAMS)('$name', (stream) => {
  test('150,000 commands or more, in the order of their times, as the recorded figures are of', async () => {
    let count = 0;
    let last = 0;
    let isInOrder = true;
    const digest = digestOf(stream, (command) => {
      count++;
      isInOrder &&= command.timeMs >= last;
      last = command.timeMs;
      names.add(argumentText(command, 0));
    });
    expect(count).toBeGreaterThanOrEqual(150_000);
    expect(isInOrder).toBe(true);
    const recorded = await recordings(stream.name);
    expect(recorded.map(({ server }) => server.name)).toEqual(stream.servers ?? SERVERS);
    for (const { stream: name, digest: before, server } of recorded)
      expect([server.name, name, before]).toEqual([server.name, stream.name, digest]);
  });
});

test.each(SHORT_STREAMS)('$name: as the recorded figures are of', async (stream) => {
  const digest = digestOf(stream);
  const recorded = await recordings(stream.name);
  const others = SERVERS.filter((name) => name !== 'redis-7.2.6');
  expect(recorded.map(({ server }) => server.name)).toEqual(stream.servers ?? others);
  expect(new Set(recorded.map(({ digest: before }) => before))).toEqual(new Set([digest]));
});

test('between them they use all six types, and most commands', () => {
  for (const expected of 'SET HSET RPUSH SADD ZADD XADD DEL RENAME EXPIRE MULTI SWAPDB'.split(' ')) {
    expect(names).toContain(expected);
  }
  expect(names.size).toBeGreaterThan(140);
});
