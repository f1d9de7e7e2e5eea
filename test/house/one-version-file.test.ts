import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const HOME = 'src/model/versions/';
/** Suites name versions as a user does, and pictures show runs. */
const RECORDED = /^(workloads\/suites\/default\.(baseline\.)?json|web\/images\/)/;
const TEXT = /\.(ts|js|json|css|html|md|svg)$/;
/** A version's name, or the number that once compared versions. Citations are written `redis 7.2.6`. */
const NAMES_A_VERSION = /\b(redis|valkey)-\d|\bgeneration\b/i;

test('a version is named in its own file alone', () => {
  const files = ['src', 'web', 'workloads']
    .flatMap((top) =>
      readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' }).map((path) => `${top}/${path}`),
    )
    .filter((path) => TEXT.test(path) && !path.startsWith(HOME) && !RECORDED.test(path));
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line, at) => (NAMES_A_VERSION.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
