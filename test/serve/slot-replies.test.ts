import { beforeEach, describe, expect, test } from 'vitest';
import type { LabReply } from '#slablab/src/resp/reply.js';
import { memoryUsageReply, slotStatsReply, slotVerifyReply } from '#slablab/src/serve/slot-replies.js';
import { newServer } from '../support/redis.js';
import { type SlotServer, slotOf, slotServer } from '../support/slot-server.js';

/** Returns the parts of a RESP3 reply: texts, numbers, "*2" and "%1" for sizes, errors with a dash. */
function said(reply: LabReply): (string | number)[] {
  switch (reply.kind) {
    case 'array':
      return [`*${reply.elements.length}`, ...reply.elements.flatMap(said)];
    case 'map':
      return [`%${reply.entries.length}`, ...reply.entries.flat().flatMap(said)];
    case 'integer':
      return [reply.value];
    case 'null':
      return ['nil'];
    case 'error':
      return [`-${reply.text}`];
    default:
      return [reply.text];
  }
}

const [A, B] = [slotOf('a'), slotOf('b')];

describe('CLUSTER SLOT-STATS', () => {
  let redis: SlotServer;
  const stats = (...words: string[]) => said(slotStatsReply(redis.server, words));
  const slotsOf = (parts: (string | number)[]) => parts.filter((_, at) => at > 1 && parts[at - 1] === '*2');

  beforeEach(() => {
    redis = slotServer('valkey-8.0');
    redis.execute('SET', '{a}1', 'x'.repeat(10));
    redis.execute('SET', '{a}2', 'x'.repeat(10));
    redis.execute('SET', 'b', 'x'.repeat(1000));
  });

  test('SLOTSRANGE', () => {
    expect(stats('SLOTSRANGE', `${A}`, `${A}`)).toEqual([
      ...['*1', '*2', A, '%2'],
      ...['key-count', 2, 'memory-logical-bytes', 28],
    ]);
    expect(slotsOf(stats('slotsrange', '5', '7'))).toEqual([5, 6, 7]);
  });

  test('ORDERBY: descending by default, and the lower slot first among equals', () => {
    expect(slotsOf(stats('ORDERBY', 'memory-logical-bytes', 'LIMIT', '3'))).toEqual([B, A, 0]);
    expect(slotsOf(stats('ORDERBY', 'key-count', 'limit', '3', 'desc'))).toEqual([A, B, 0]);
    expect(slotsOf(stats('ORDERBY', 'key-count', 'ASC', 'LIMIT', '3'))).toEqual([0, 1, 2]);
    expect(slotsOf(stats('ORDERBY', 'key-count')).length).toBe(16_384);
  });

  test('without slot accounting only key-count is present', () => {
    redis.execute('CONFIG', 'SET', 'cluster-slot-stats-enabled', 'no');
    expect(stats('SLOTSRANGE', `${A}`, `${A}`)).toEqual(['*1', '*2', A, '%1', 'key-count', 2]);
    expect(stats('ORDERBY', 'memory-logical-bytes')).toEqual(['-ERR Unrecognized sort metric for ORDERBY.']);
    expect(said(slotVerifyReply(redis.server, ['1']))[0]).toMatch(/cluster-slot-stats-enabled yes/);
  });

  // These are the replies of valkey-server 8.0.1.
  test.each([
    ['', "ERR wrong number of arguments for 'cluster|slot-stats' command"],
    ['SLOTSRANGE', "ERR wrong number of arguments for 'cluster|slot-stats' command"],
    [
      'SLOTSRANGE 1',
      "ERR unknown subcommand or wrong number of arguments for 'SLOT-STATS'. Try CLUSTER HELP.",
    ],
    [
      'NOTHING 1 2',
      "ERR unknown subcommand or wrong number of arguments for 'SLOT-STATS'. Try CLUSTER HELP.",
    ],
    ['SLOTSRANGE 1 16384', 'ERR Invalid or out of range slot'],
    ['SLOTSRANGE x 2', 'ERR Invalid or out of range slot'],
    ['SLOTSRANGE 3 2', 'ERR Start slot number 3 is greater than end slot number 2'],
    ['ORDERBY colour', 'ERR Unrecognized sort metric for ORDERBY.'],
    ['ORDERBY key-count LIMIT', 'ERR syntax error'],
    ['ORDERBY key-count LIMIT 0', 'ERR Limit has to lie in between 1 and 16384 (maximum number of slots).'],
    ['ORDERBY key-count LIMIT x', 'ERR Limit has to lie in between 1 and 16384 (maximum number of slots).'],
    ['ORDERBY key-count UP', 'ERR syntax error'],
    ['ORDERBY key-count ASC DESC', 'ERR Multiple filters of the same type are disallowed.'],
    ['ORDERBY key-count LIMIT 1 LIMIT 2', 'ERR Multiple filters of the same type are disallowed.'],
  ])('`%s` is an error', (words, error) => {
    expect(stats(...words.split(' ').filter((word) => word !== ''))).toEqual([`-${error}`]);
  });

  test('a server without cluster mode or slot accounting', () => {
    redis = { ...redis, server: newServer('valkey-8.0').server };
    expect(stats('ORDERBY', 'key-count')).toEqual(['-ERR This instance has cluster support disabled']);
  });

  test('a command of an input is executed like any other', () => {
    redis.execute('CLUSTER', 'SLOT-STATS', 'ORDERBY', 'memory-logical-bytes', 'LIMIT', '5');
    redis.execute('CLUSTER', 'SLOT-STATS', 'ORDERBY');
    redis.execute('DEBUG', 'SLOT-VERIFY-MEMORY', `${A}`);
    redis.execute('MEMORY', 'USAGE', '{a}1', 'SAMPLES', '0');
    redis.execute('MEMORY', 'USAGE', 'nobody');
    expect(redis.server.unknown.counts.size).toBe(0);
    expect(redis.server.heap.used).toBe(redis.liveBytes());
  });
});

describe('DEBUG SLOT-VERIFY-MEMORY', () => {
  test('OK, or the difference', () => {
    const { server, execute } = slotServer('redis-7.2');
    const verify = (...words: string[]) => said(slotVerifyReply(server, words));
    execute('SET', 'a', 'x'.repeat(10));
    expect(verify(`${A}`)).toEqual(['OK']);
    execute('CONFIG', 'RESETSTAT');
    expect(verify(`${A}`)[0]).toMatch(/^-ERR slot \d+: memory-logical-bytes is 0, a walk finds 14 /);
    expect(verify('-1')).toEqual(['-ERR Invalid or out of range slot']);
    expect(verify()[0]).toMatch(/^-ERR wrong number/);
  });
});

describe('MEMORY USAGE', () => {
  const { server, execute } = newServer('redis-7.2');
  const usage = (...words: string[]) => said(memoryUsageReply(server, 0, words));

  test('value, name and entry', () => {
    execute('SET', 'k', 'x'.repeat(100));
    // The sum of 104 bytes of sds in 112, the object, the sds of the name in 8, and the entry.
    expect(usage('k')).toEqual([112 + 16 + 8 + 24]);
    expect(usage('nobody')).toEqual(['nil']);
  });

  test('samples: the first elements stand for all', () => {
    execute('RPUSH', 'l', ...Array.from({ length: 40 }, () => 'x'.repeat(7000)), 'small');
    for (let left = 40; left > 0; left--) execute('RPUSH', 'l', 'small');
    const [first] = usage('l', 'SAMPLES', '1') as [number];
    const [all] = usage('l', 'SAMPLES', '0') as [number];
    // The first 40 nodes have an element of 7,000 bytes each, so a sample of 1 extrapolates that to all nodes.
    const aside = 16 + 40 + 8 + 24;
    expect((first - aside) % (40 + 7168)).toBe(0);
    expect(first).not.toBe(all);
    expect(usage('l', 'samples', '1000')).toEqual([all]);
  });

  test.each([
    [['k', 'SAMPLES', '-1'], 'ERR syntax error'],
    [['k', 'SAMPLES', 'x'], 'ERR value is not an integer or out of range'],
    [['k', 'SAMPLES'], 'ERR syntax error'],
    [['k', 'COUNT', '1'], 'ERR syntax error'],
    [[], "ERR wrong number of arguments for 'memory|usage' command"],
  ])('%j is an error', (words, error) => {
    expect(usage(...words)).toEqual([`-${error}`]);
  });
});
