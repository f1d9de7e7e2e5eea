import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const patch = await readFile(new URL('../../native/jemalloc/5.3.0.patch', import.meta.url), 'utf8');
const lines = patch.split('\n').filter((line) => line !== '');

test('the patch only inserts, and carries none of the lines around', () => {
  const headers = /^(--- |\+\+\+ |@@ -\d+,0 \+\d+(,\d+)? @@)/;
  const strangers = lines.filter((line) => !headers.test(line) && !line.startsWith('+'));
  expect(strangers).toEqual([]);
  expect(lines.filter((line) => line.startsWith('@@')).length).toBeGreaterThan(30);
});

test('the patch is small', () => {
  const inserted = lines.filter((line) => line.startsWith('+') && !line.startsWith('+++'));
  expect(inserted.length).toBeLessThan(120);
});
