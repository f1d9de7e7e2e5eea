import { expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

/** The region of a counter, which only a new name of an error has. */
const COUNTER = 'malloc 8 (command statistics)';

test('each name of an error has a counter, from its first time until CONFIG RESETSTAT', () => {
  const { execute, operations } = newServer('redis-7.0');
  const counters = (...words: readonly string[]) => {
    operations();
    execute(...words);
    return operations().filter((operation) => operation === COUNTER).length;
  };
  execute('SET', 'string', 'value');
  expect(counters('LPUSH', 'string', 'element')).toBe(1);
  expect(counters('SADD', 'string', 'member')).toBe(0);
  expect(counters('INCR', 'string')).toBe(1);
  expect(counters('EXEC')).toBe(0);
  operations();
  execute('CONFIG', 'RESETSTAT');
  expect(operations().filter((operation) => operation === 'free 8 (command statistics)')).toHaveLength(2);
  expect(counters('EXEC')).toBe(1);
});
