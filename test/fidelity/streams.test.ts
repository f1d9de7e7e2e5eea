import { describe, expect, test } from 'vitest';
import { argumentText } from '#slablab/src/redis/command.js';
import { recordings } from './recorded.js';
import { digestOf } from './stream-digest.js';
import { commandsOf, STREAMS } from './streams.js';

describe.each(STREAMS)('$name', (stream) => {
  test('50,000 commands or more; time never goes back', () => {
    let count = 0;
    let last = 0;
    let isInOrder = true;
    for (const { timeMs } of commandsOf(stream)) {
      count++;
      isInOrder &&= timeMs >= last;
      last = timeMs;
    }
    expect(count).toBeGreaterThanOrEqual(50_000);
    expect(isInOrder).toBe(true);
  });

  test('is, byte for byte, what the recorded figures are of', async () => {
    const digest = digestOf(stream);
    const recorded = await recordings(stream.name);
    expect(recorded.map(({ server }) => server.name)).toContain('redis-7.0.15');
    for (const { stream: name, digest: before } of recorded)
      expect([name, before]).toEqual([stream.name, digest]);
  });
});

test('between them they use all six types, and most commands', () => {
  const names = new Set<string>();
  for (const stream of STREAMS) {
    for (const command of commandsOf(stream)) names.add(argumentText(command, 0));
  }
  for (const expected of 'SET HSET RPUSH SADD ZADD XADD DEL RENAME EXPIRE MULTI SWAPDB'.split(' ')) {
    expect(names).toContain(expected);
  }
  expect(names.size).toBeGreaterThan(90);
});
