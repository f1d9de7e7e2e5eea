import { expect, test } from 'vitest';
import { latin1 } from '#slablab/src/base/index.js';
import { Loading } from '#slablab/src/model/index.js';
import { dataSetOf } from '#slablab/src/remedy/data-set-copies.js';
import { newServer } from '../support/redis.js';

/** Loads so many keys like those of a server with these names. */
function loaded(names: readonly string[], keys: number) {
  const { server, execute } = newServer();
  for (const name of names) execute('SET', name, 'v'.repeat(name.length * 10));
  const copy = newServer().server;
  const refuse = (found: string) => new Error(found);
  for (const _ of copy.load(new Loading(copy, { isLog: false, refuse }).steps(dataSetOf(server, keys))));
  const { keyspace, databases } = copy;
  return [...databases[0]!.keys.rows()].map((row) => latin1(keyspace.nameOf(row)));
}

const NAMES = Array.from({ length: 50 }, (_, at) => `key:${at}`);

test.each([0, 1, 49, 50, 51, 1000, 12_345])('%d keys are loaded, all with names of their own', (keys) => {
  const names = loaded(NAMES, keys);
  expect(names).toHaveLength(keys);
  expect(new Set(names).size).toBe(keys);
});

test('copies have names of the same lengths', () => {
  const lengths = loaded(NAMES, 1000).map(({ length }) => length);
  expect(new Set(lengths)).toEqual(new Set(NAMES.map(({ length }) => length)));
});

test('names that are short or not ASCII have the number of the copy after them', () => {
  const names = loaded(['a', '\xe4', '\xe1'], 300);
  expect(new Set(names).size).toBe(300);
});
