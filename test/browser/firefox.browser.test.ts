/**
 * A smoke run of the built page in the distribution's Firefox: a run, a slab, a pair, and a sweep. It is skipped where
 * there is no Firefox. FIREFOX names another one.
 */
import { existsSync } from 'node:fs';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PageServer } from '#slablab/src/serve/page/page-server.js';
import { PATIENCE_MS } from './support/browser.js';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const isThere = existsSync(FIREFOX);
const where = isThere
  ? 'in Firefox'
  : `in Firefox: skipped, since there is no ${FIREFOX} (apt-get install firefox-esr)`;

const RUN = 'run=scattered-delete&set.keys=1000';

describe.skipIf(!isThere)(where, () => {
  let server: PageServer;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    server = await PageServer.open(0);
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: FIREFOX,
      // Firefox has no command yet for the size of a view.
      defaultViewport: null,
      args: ['--width=1280', '--height=900'],
      timeout: PATIENCE_MS,
      protocolTimeout: PATIENCE_MS,
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(`${error}`));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(`${server.url}#${RUN}`, { timeout: PATIENCE_MS });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Waits until a condition in the page holds. The page's policy forbids what `waitForFunction` does for that. */
  const until = (condition: () => boolean) =>
    expect.poll(() => page.evaluate(condition), { timeout: PATIENCE_MS }).toBe(true);

  const follow = (hash: string) =>
    page.evaluate((link) => {
      location.hash = link;
    }, hash);

  test('a run is answered, and its map is drawn', async () => {
    await until(() => /pin/.test(document.querySelector('.verdict .sentence')?.textContent ?? ''));
    await until(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.cells')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size > 3;
    });
  });

  test('the keyboard chooses a slab, whose life is told', async () => {
    await page.focus('canvas.over');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(() => /Opened/.test(document.querySelector('.detail .life')?.textContent ?? ''));
    await page.keyboard.press('Escape');
  });

  test('two runs are compared, and a sweep fills its atlas', async () => {
    await follow(`${RUN}&b.run=scattered-delete&b.set.keys=1000&b.set.order=sequential`);
    await until(() =>
      /B pins .* less than A/.test(document.querySelector('.pair-answer')?.textContent ?? ''),
    );
    await follow(`${RUN}&axis.order=odd,sequential`);
    await until(() => document.querySelectorAll('.atlas-cell canvas[data-look]').length === 2);
    expect(errors).toEqual([]);
  });
});
