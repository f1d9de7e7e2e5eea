import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LONG } from '../support/long-first.js';
import { ROOT, readSources } from './import-graph.js';

test('the files that start first are there', () => {
  expect(LONG.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('no test gives up before the suite does, however busy the machine', () => {
  const own = [...readSources(['test'])]
    .filter(([path]) => path.endsWith('.test.ts'))
    .flatMap(([path, source]) =>
      [...source.matchAll(/(?:\}|,\n),? *\n? *[\d_]{5,},?\n?\);|(?<!\.)\btimeout: [\d_]+/g)].map(
        ([text]) => `${path}: ${text.trim()}`,
      ),
    );
  expect(own).toEqual([]);
});
