/** Sweeps on the built page: run, cancelled, opened, linked, and read from files of the command line. */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { openForm, openSite, type Site, type Visit } from './support/page.js';

const SWEEP =
  '#run=scattered-delete&set.keys=1000&rest=5000&axis.dirty_decay_ms=0,-1&axis.order=odd,sequential';

let site: Site;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-page-atlas-'));
  const { exitCode } = await slablab([
    ...[
      'sweep',
      'scattered-delete',
      '--set',
      'keys=1000',
      '--rest',
      '5000',
      '--out',
      directory,
      '--jobs',
      '1',
    ],
    ...['--axis', 'dirty_decay_ms=0,-1', '--axis', 'order=odd,sequential'],
  ]);
  expect(exitCode).toBe(0);
  const cells = join(directory, 'scattered-delete.sweep.cells');
  const beside = (await readdir(cells)).map((name) => ({
    name: `scattered-delete.sweep.cells-${name}`,
    open: () => createReadStream(join(cells, name)),
  }));
  const name = 'scattered-delete.sweep.json';
  site = await openSite({ name, open: () => createReadStream(join(directory, name)), beside });
});
afterAll(async () => {
  await site.close();
  await rm(directory, { recursive: true });
});

const filled = (page: Page, cells: number) =>
  page.waitForFunction((wanted) => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('.atlas-cell')];
    const drawn = buttons.filter((each) => each.querySelector('canvas')?.dataset.look !== undefined);
    return drawn.length === wanted;
  }, cells);

const pictures = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('.small-map')].map((canvas) => canvas.toDataURL()),
  );

const captions = async (page: Page) =>
  (await page.locator('.atlas-caption b').allInnerTexts()).map((text) => text.trim());

async function saved(page: Page, as: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Save the atlas as ${as}` }).click(),
  ]);
  return download;
}

/** Opens an atlas of four cells from the disk, and returns its page and all that it asks for. */
async function openedFile(context: BrowserContext, path: string) {
  const file = await context.newPage();
  const requests: string[] = [];
  file.on('request', (request) => requests.push(request.url()));
  await file.goto(`file://${path}`);
  await filled(file, 4);
  return { file, requests };
}

async function visited(hash: string, use: (visit: Visit) => Promise<void>, width = 1280): Promise<void> {
  const visit = await site.visit(hash, { viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  try {
    await use(visit);
  } finally {
    await visit.leave();
  }
}

describe('a sweep', () => {
  test('fills an atlas that equals the command line’s, opens cells and pairs, and comes back by the history', () =>
    visited(SWEEP, async ({ page, settled }) => {
      await filled(page, 4);
      const own = await pictures(page);
      const figures = await captions(page);
      expect(await page.locator('.atlas .sentence').innerText()).toMatch(/instead of .* order sequential\.$/);
      await page.locator('.atlas-cell').nth(1).click();
      await settled();
      await page.locator('.explorer .run-title').first().waitFor();
      expect(new URL(await page.evaluate(() => location.href)).hash).toContain('run=scattered-delete');
      await page.waitForFunction(() => location.hash.includes('conf=dirty_decay_ms:-1'));
      await page.goBack();
      await filled(page, 4);
      expect(await pictures(page)).toEqual(own);
      await page
        .locator('.atlas-cell')
        .nth(0)
        .click({ modifiers: ['Shift'] });
      await page
        .locator('.atlas-cell')
        .nth(3)
        .click({ modifiers: ['Shift'] });
      await settled();
      await page.locator('.is-pair').waitFor();
      // The page without a link shows what its host offers: the same sweep, as the command line ran it.
      await page.goto('about:blank');
      await page.goto(site.url);
      await filled(page, 4);
      expect(await pictures(page)).toEqual(own);
      expect(await captions(page)).toEqual(figures);
      await page.locator('.atlas-cell').nth(2).click();
      await page.locator('.explorer .run-title').first().waitFor();
    }));

  test('is started from the form, can be cancelled, and names what is wrong with an axis', () =>
    visited('#run=scattered-delete&set.keys=1000', async ({ page, settled }) => {
      await settled();
      await openForm(page);
      await page.locator('.sweep summary').click();
      const axes = page.getByLabel('Axes');
      await axes.fill('ordr=odd');
      await page.getByRole('button', { name: 'Sweep', exact: true }).click();
      await page.getByText('`ordr` is not an axis of this sweep').waitFor();
      await axes.fill('order=odd,random\nseed=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20');
      await page.getByRole('button', { name: 'Sweep', exact: true }).click();
      await page.locator('.atlas').getByRole('button', { name: 'Cancel' }).click();
      await page.getByText(/of 40 cells; cancelled/).waitFor();
      await page.waitForFunction(() => location.hash.includes('axis.order=odd,random'));
    }));

  test('as one HTML file it has the same cells, which open as runs, and it loads nothing', () =>
    visited('', async ({ page, context }) => {
      await filled(page, 4);
      const [own, figures] = [await pictures(page), await captions(page)];
      const out = join(directory, 'atlas.html');
      expect(await slablab(['map', directory, '--out', out])).toMatchObject({ exitCode: 0 });
      const { file, requests } = await openedFile(context, out);
      expect(await pictures(file)).toEqual(own);
      expect(await captions(file)).toEqual(figures);
      await file.locator('.atlas-cell').nth(1).click();
      await file.locator('.run-title', { hasText: 'dirty_decay_ms=-1 order=odd' }).waitFor();
      await file.getByRole('button', { name: 'To the atlas' }).click();
      await filled(file, 4);
      expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
      await file.close();
    }));

  test('run on the page and saved as one HTML file, it has the same cells, which open as runs', () =>
    visited(SWEEP, async ({ page, context }) => {
      await filled(page, 4);
      const [own, figures] = [await pictures(page), await captions(page)];
      const download = await saved(page, 'HTML');
      expect(download.suggestedFilename()).toBe('slablab-atlas-scattered-delete.html');
      const out = join(directory, 'from-page.html');
      await download.saveAs(out);
      const { file, requests } = await openedFile(context, out);
      expect(await pictures(file)).toEqual(own);
      expect(await captions(file)).toEqual(figures);
      expect(await file.getByRole('button', { name: 'Save the atlas as HTML' }).count()).toBe(0);
      await file.locator('.atlas-cell').nth(3).click();
      await file.locator('.run-title', { hasText: 'dirty_decay_ms=-1 order=sequential' }).waitFor();
      expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
      await file.close();
    }));

  test('one of the command line is saved from the page as HTML, and copied as Markdown with its link', () =>
    visited('', async ({ page, context }) => {
      await filled(page, 4);
      const own = await pictures(page);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Copy as Markdown' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      expect(text).toMatch(/^### Sweep of scattered-delete, 4 of 4 cells\n\n\*\*.* instead of .*\*\*/);
      expect(text).toMatch(/\| dirty\\_decay\\_ms \| order \| Resident at the end \|/);
      expect(text.match(/★/g)).toHaveLength(1);
      expect(text.trimEnd().endsWith(`<${await page.evaluate(() => location.href)}>`)).toBe(true);
      const download = await saved(page, 'HTML');
      const out = join(directory, 'read.html');
      await download.saveAs(out);
      const { file } = await openedFile(context, out);
      expect(await pictures(file)).toEqual(own);
      await file.close();
    }));

  test('hovering a cell marks its points and its row; the atlas is saved as the command line draws it', () =>
    visited('', async ({ page }) => {
      await filled(page, 4);
      await page.locator('.atlas-cell').first().hover();
      expect(await page.locator('.atlas-table tr.is-hovered').getAttribute('data-cell')).toBe('0');
      expect(await page.locator('circle.is-hovered').count()).toBeGreaterThan(0);
      const download = await saved(page, 'SVG');
      const ground = (await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
        ? 'dark'
        : 'light';
      const out = join(directory, 'atlas.svg');
      await slablab(['map', directory, '--ground', ground, '--out', out]);
      expect(await readFile(await download.path(), 'utf8')).toBe(await readFile(out, 'utf8'));
    }));
});
