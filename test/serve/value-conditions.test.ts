/** The model follows what a server's reply says of a value, which the model does not know. */
import { describe, expect, test } from 'vitest';
import { Outcome } from '#slablab/src/serve/feed.js';
import { outcomeOf } from '#slablab/src/serve/store-outcome.js';
import { asking } from '../store/support.js';
import { newServer } from '../support/redis.js';

describe('the store’s replies', () => {
  const { connect, answers } = asking('redis-8.6');
  const session = connect();
  const outcome = (...words: string[]) => {
    const args = words.map((word) => Buffer.from(word));
    return outcomeOf(args, answers.answer(session, args, 0).reply, session);
  };

  test('say whether the condition was met', () => {
    expect(outcome('SET', 'lock', 'mine')).toBe(Outcome.modelled);
    expect(outcome('SET', 'lock', 'next', 'IFEQ', 'your')).toBe(Outcome.unmet);
    expect(outcome('SET', 'lock', 'next', 'IFEQ', 'mine')).toBe(Outcome.met);
    expect(outcome('DELEX', 'lock', 'IFEQ', 'your')).toBe(Outcome.unmet);
    expect(outcome('DELEX', 'lock', 'IFNE', 'your')).toBe(Outcome.met);
    expect(outcome('DELEX', 'lock', 'IFXX', 'your')).toBe(Outcome.unmet);
    expect(outcome('SET', 'lock', 'next', 'IFEQ')).toBe(Outcome.refused);
  });

  test('say whether SORT had read the value before it failed', () => {
    outcome('ZADD', 'z', '1', 'no-number');
    expect(outcome('SORT', 'z')).toBe(Outcome.failed);
    expect(outcome('SORT', 'z', 'LIMIT')).toBe(Outcome.refused);
  });
});

test('SORT converts a sorted set before it fails, also where a server has refused it', () => {
  const { server, execute, operations } = newServer('redis-7.0');
  execute('ZADD', 'z', '1', 'no-number');
  operations();
  server.observed = { outcome: 'failed' };
  execute('SORT', 'z');
  const found = operations();
  expect(found.filter((line) => /^malloc \d+ \(skiplist/.test(line))).not.toEqual([]);
  execute('GET', 'z');
  expect(operations().filter((line) => line.includes('container'))).toEqual([]);
});

test('the model deletes a key only if its condition was met', () => {
  const { server, execute } = newServer('valkey-9.1');
  const keys = () => server.databases[0]!.size;
  execute('SET', 'lock', 'mine');
  server.observed = { outcome: 'unmet' };
  execute('DELIFEQ', 'lock', 'mine');
  expect(keys()).toBe(1);
  server.observed = { outcome: 'met' };
  execute('DELIFEQ', 'lock', 'your');
  expect(keys()).toBe(0);
  expect(server.unknown.comparisons.size).toBe(0);
});

test('without an outcome, lengths decide, and each such comparison is counted', () => {
  const { server, execute } = newServer('valkey-9.1');
  execute('SET', 'lock', 'mine');
  execute('DELIFEQ', 'lock', 'another');
  expect(server.databases[0]!.size).toBe(1);
  expect(server.unknown.comparisons.size).toBe(0);
  execute('DELIFEQ', 'lock', 'your');
  expect(server.databases[0]!.size).toBe(0);
  expect([...server.unknown.comparisons]).toEqual([['DELIFEQ', 1]]);
});
