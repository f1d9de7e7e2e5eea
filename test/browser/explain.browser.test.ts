/** What a real server printed, given to the built page: its explanation. Files that name their server or are packed. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSite, type Site, type Visit } from './support/page.js';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

let site: Site;
let visit: Visit;
let page: Page;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  visit = await site.visit('#run=scattered-delete&set.keys=500');
  page = visit.page;
  await visit.settled();
});
afterEach(() => visit.leave());

const choose = (name: string, buffer: Buffer) =>
  page
    .locator('input[type="file"]')
    .first()
    .setInputFiles([{ name, mimeType: '', buffer }]);

const INFO = ['redis_version:7.2.4', '# Memory', 'used_memory:52428800', 'used_memory_rss:115343360']
  .concat(['allocator_allocated:53000000', 'allocator_active:110000000', 'allocator_resident:112000000'])
  .concat(['mem_allocator:jemalloc-5.3.0', ''])
  .join('\r\n');

test('INFO as a file, packed: the parts of RSS with what to do, above the map', async () => {
  await choose('info.txt.gz', gzipSync(INFO));
  const view = page.locator('.explain');
  await view.locator('.sentence').waitFor();
  expect(await view.locator('.sentence').innerText()).toMatch(/ of 110\.0 MiB is /);
  expect(await view.locator('tbody tr').count()).toBeGreaterThan(2);
  await page.getByText('info.txt.gz is compressed by gzip').waitFor();
  await view.getByRole('button', { name: 'Close' }).click();
  await view.waitFor({ state: 'hidden' });
});

test('MALLOC-STATS pasted with INFO: the classes are a map', async () => {
  const stats = await readFile(at('analysis/malloc-stats/jemalloc-5.3.0-redis-7.2.txt'), 'utf8');
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, stats);
  const map = page.locator('.explain-classes canvas');
  await map.waitFor();
  const colours = await map.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  expect(colours).toBeGreaterThan(1);
  // The parts have the colours of the map, and its bands their names.
  const fills = page.locator('.explain-split .swatch-box');
  expect(await fills.evaluateAll((all) => all.map((each) => each.className.split(' ').at(-1)))).toEqual(
    expect.arrayContaining(['fill-use', 'fill-pinned', 'fill-records']),
  );
  expect(await page.locator('.explain-names span').allInnerTexts()).toEqual(
    expect.arrayContaining(['16 B', '40 B']),
  );
});

test('a file is modelled as the server that it names, packed or not, and damage is named', async () => {
  const rdb = await readFile(at('input/fixtures/redis-8.6.rdb'));
  await choose('dump.rdb.gz', gzipSync(rdb));
  await page.getByText(/^dump.rdb: saved by redis 8\.6\.\d+, and modelled as redis-8\.6/).waitFor();
  await page.locator('.run-title', { hasText: 'dump.rdb' }).waitFor();
  await page.waitForURL(/server=redis-8\.6/);
  await choose('cut.rdb.gz', gzipSync(rdb).subarray(0, 40));
  await page.getByText('cut.rdb.gz: cannot be unpacked').waitFor();
});

test('INFO, MALLOC-STATS and the RDB file of a server, dropped together: the lab stands beside the server', async () => {
  const stats = await readFile(at('analysis/malloc-stats/jemalloc-5.3.0-redis-7.2.txt'));
  const info = INFO.replace(/^(allocator_|used_memory).*\r\n/gm, '').replace(
    '# Memory',
    '# Memory\r\nused_memory:2089120\r\nused_memory_rss:11534336\r\nallocator_allocated:2089120',
  );
  const rdb = await readFile(at('input/fixtures/types.rdb'));
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles([
      { name: 'info.txt', mimeType: '', buffer: Buffer.from(info) },
      { name: 'stats.txt', mimeType: '', buffer: stats },
      { name: 'dump.rdb', mimeType: '', buffer: rdb },
    ]);
  const beside = page.getByRole('region', { name: 'Beside the lab' });
  await beside.getByText('Beside the lab, which loaded dump.rdb').waitFor();
  expect(await beside.locator('tbody tr').first().innerText()).toMatch(/^used_memory\s+2\.0 MiB\s/);
  const pinned = beside.locator('tr', { hasText: 'pinned' });
  expect(await pinned.innerText()).toMatch(/pinned\s+\S+ KiB\s+\S+ KiB\s+[+−]\S+ KiB/);
});
