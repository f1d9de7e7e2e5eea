/** The built page in a folder of a host that has gone, and its size. */
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, newPage } from './support/browser.js';
import { openMenu } from './support/page.js';

const PAGE = new URL('../../dist/web/', import.meta.url);
const FOLDER = '/deep/lab/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

let host: Server;
let browser: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  host = createServer(async (request, response) => {
    const path = (request.url ?? '').replace(/[?#].*$/, '');
    const name = path === FOLDER ? 'index.html' : path.slice(FOLDER.length);
    const content = path.startsWith(FOLDER) ? await readFile(new URL(name, PAGE)).catch(() => null) : null;
    response.writeHead(content === null ? 404 : 200, {
      'content-type': TYPES[extname(name)] ?? 'text/plain',
    });
    response.end(content ?? '');
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  host.close();
});

test('in a folder, and after its host has gone: the first visit is enough', async () => {
  const { port } = host.address() as AddressInfo;
  const page = await newPage(browser);
  const shown = () => page.locator('.run-title', { hasText: 'scattered-delete' }).waitFor();
  await page.goto(`http://127.0.0.1:${port}${FOLDER}#run=scattered-delete&set.keys=500`);
  await shown();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  host.closeAllConnections();
  await new Promise((resolve) => host.close(resolve));
  await page.reload();
  await shown();
  // Another build than that of the first visit.
  await page.goto(`http://127.0.0.1:${port}${FOLDER}#run=scattered-delete&set.keys=600&build=q4`);
  await page.waitForFunction(() => document.querySelector('.run-conditions')?.textContent?.includes('600'));
  await openMenu(page, 'Save');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^HTML / }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toContain(
    '<script type="text/plain" id="recordings">[{',
  );
  expect(await page.locator('.messages .error').count()).toBe(0);
});

test('page, worker and one build are at most 600 KB compressed', async () => {
  const assets = new URL('assets/', PAGE);
  const wanted = (await readdir(assets)).filter((name) => /^(index|worker)-|^q3-[\w-]{8}\.wasm$/.test(name));
  const sizes = await Promise.all(
    wanted.map(async (name) => gzipSync(await readFile(new URL(name, assets)), { level: 9 }).length),
  );
  expect(wanted.length).toBeGreaterThanOrEqual(4);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(600_000);
});
