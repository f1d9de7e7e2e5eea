import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

describe.each(['5.3.0', '5.2.1', '5.3.1'])('the patch of jemalloc %s', async (version) => {
  const file = new URL(`../../native/jemalloc/${version}/insertions.patch`, import.meta.url);
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');

  test('only inserts, and carries none of the lines around', () => {
    const headers = /^(--- |\+\+\+ |@@ -\d+,0 \+\d+(,\d+)? @@)/;
    const strangers = lines.filter((line) => !headers.test(line) && !line.startsWith('+'));
    expect(strangers).toEqual([]);
    expect(lines.filter((line) => line.startsWith('@@')).length).toBeGreaterThan(30);
  });

  test('is small', () => {
    const inserted = lines.filter((line) => line.startsWith('+') && !line.startsWith('+++'));
    expect(inserted.length).toBeLessThan(120);
  });
});
