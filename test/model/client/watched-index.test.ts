import { expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

const SIXTEEN_TABLES = 'calloc 128 (watched key)';
const TABLE = 'malloc 80 (dict)';

function ofWatch(version: string) {
  const { execute, executeAs, operations } = newServer(version);
  execute('SET', 'key', 'value');
  operations();
  return {
    watches(...names: readonly string[]): string[] {
      execute('WATCH', ...names);
      return operations();
    },
    execute,
    executeAs,
    operations,
  };
}

test('valkey-9.1: a client has its tables from its first WATCH to its end', () => {
  const { watches, execute, operations } = ofWatch('valkey-9.1');
  const first = watches('key');
  expect(first).toContain('calloc 104 (transaction)');
  expect(first).toContain(SIXTEEN_TABLES);
  expect(first).toContain(TABLE);
  execute('UNWATCH');
  expect(operations().filter((operation) => /128 \(watched key\)|80 \(dict\)/.test(operation))).toEqual([]);
  const second = watches('key', 'other');
  expect(second).not.toContain(SIXTEEN_TABLES);
  expect(second).not.toContain(TABLE);
  execute('QUIT');
  expect(operations()).toContain('free 128 (watched key)');
});

test('valkey-8.1: a client has no tables, and its state is made by WATCH', () => {
  const { watches } = ofWatch('valkey-8.1');
  const first = watches('key');
  expect(
    first.some((operation) => operation.startsWith('calloc') && operation.endsWith('(transaction)')),
  ).toBe(true);
  expect(first).not.toContain(SIXTEEN_TABLES);
});
