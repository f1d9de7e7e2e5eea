import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LONG } from '../support/long-first.js';
import { ROOT } from './import-graph.js';

test('the files that start first are there', () => {
  expect(LONG.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
