/** A live map on the page: frames arrive, the newest is followed unless a reader went back, and the end is said. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawClient } from '../serve/support/servers.js';
import { type Watched, watched } from '../support/watched.js';
import { launchBrowser, newPage } from './support/browser.js';

let browser: Browser;
let serve: Watched;
beforeAll(async () => {
  browser = await launchBrowser();
  serve = await watched('serve', '--port', '0', '--watch', '--watch-port', '0', '--watch-every', '1');
});
afterAll(async () => {
  await browser?.close();
  await serve?.end();
});

type Global = {
  readonly slablab: {
    readonly recordings: {
      get(): { readonly recording: { readonly frames: { snapshot: { granules: { count: number } } }[] } }[];
    };
    readonly view: { get(): { readonly frame: number | null } };
  };
};

/** Until so many frames have come, the newest of at least so many slabs; gives how many there are then. */
function frames(page: Page, count: number, slabs = 0): Promise<number> {
  return page
    .waitForFunction(
      ([least, ofSlabs]) => {
        const [shown] = (globalThis as unknown as Global).slablab.recordings.get();
        const all = shown?.recording.frames ?? [];
        return all.length >= least && (all.at(-1)?.snapshot.granules.count ?? 0) >= ofSlabs && all.length;
      },
      [count, slabs] as const,
    )
    .then((handle) => handle.jsonValue() as Promise<number>);
}

test('a server that is being written to', async () => {
  const page = await newPage(browser, { reducedMotion: 'reduce' });
  const thrown: Error[] = [];
  page.on('pageerror', (error) => thrown.push(error));
  await page.goto(serve.url.href);
  await frames(page, 1);
  const heading = page.locator('.run-title').first();
  const feed = page.locator('p.feed');
  expect(await feed.textContent()).toMatch(/live\.slabs: live, \d+ sweeps? so far/);

  const [, port] = await serve.saying(/listening on 127\.0\.0\.1:(\d+)/);
  const client = await RawClient.open(Number(port));
  for (let key = 0; key < 4000; key++) client.write(`SET key:${key} ${'x'.repeat(1000)}\r\n`);
  await client.nexts(4000);
  const filled = await frames(page, 2, 1000);
  expect(await heading.textContent()).toMatch(/at sweep-\d+/);

  // Whoever goes back stays there while more frames come.
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  expect(await heading.textContent()).toContain('sweep-1');
  const later = await frames(page, filled + 1);
  expect(await heading.textContent()).toMatch(/sweep-1$/);
  await page.keyboard.press('End');
  const followed = await heading.textContent();
  await frames(page, later + 1);
  await page.waitForFunction((text) => document.querySelector('.run-title')?.textContent !== text, followed);
  client.close();

  await serve.end();
  await feed.filter({ hasText: 'the run has ended' }).waitFor();
  expect(await heading.textContent()).toMatch(/at end$/);
  expect(await page.locator('.messages li').allTextContents()).toEqual([]);
  expect(thrown).toEqual([]);

  await page.close();
});
