import { expect, test } from 'vitest';
import { readSources } from './import-graph.js';
import { moduleState } from './module-state.js';

/** Caches of what never changes. */
const CACHES = ['src/model/commands/handlers.ts: TABLES'];

test('the model keeps no state at module level, which all servers of a process would share', () => {
  const found = [...readSources()]
    .filter(([path]) => path.startsWith('src/model/'))
    .flatMap(([path, source]) => moduleState(path, source).map((name) => `${path}: ${name}`));
  expect(found).toEqual(CACHES);
});

test.each([
  ['a variable', 'let count = 0;', ['count']],
  ['an object that is filled again and again', 'const key = new LookupKey();', ['key']],
  ['an exported one', 'export const popped = new TemporaryObject();', ['popped']],
  ['an array that is written to', 'const sums = new Uint8Array(4); function f() { sums[0] = 1; }', ['sums']],
  ['one that is counted in', 'const sums = [0]; const f = () => { sums[0]++; };', ['sums']],
  ['a map that is added to', 'const seen = new Map(); class A { f() { seen.set(1, 2); } }', ['seen']],
  ['a table', 'const table = new Uint8Array(4); table[0] = 1; const f = () => table[0];', []],
  ['a set of names', "const NAMES = new Set(['a']); const f = (name) => NAMES.has(name);", []],
])('%s', (_, source, state) => {
  expect(moduleState('a.ts', source)).toEqual(state);
});
