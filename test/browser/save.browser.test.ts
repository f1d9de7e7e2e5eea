/** What the page saves of what is seen, opened again. */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecordingFile } from '#slablab/src/recording/recording-file.js';
import { newPage } from './support/browser.js';
import { type Colours, coloursOnPage } from './support/cells.js';
import { openMenu, openSite, type Site, type Visit } from './support/page.js';

let directory: string;
let site: Site;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-save-'));
  site = await openSite();
});
afterAll(async () => {
  await site?.close();
  await rm(directory, { recursive: true });
});

const RUN = 'run=scattered-delete&set.keys=2000';
const PAIR = `#${RUN}&b.${RUN.replace('set', 'b.set')}&b.set.order=sequential`;

async function visit(hash: string): Promise<Visit> {
  const visit = await site.visit(hash, { reducedMotion: 'reduce', colorScheme: 'dark' });
  await visit.settled();
  await visit.page.locator('canvas.cells').first().waitFor();
  return visit;
}

async function saved(page: Page, as: string, name: string): Promise<string> {
  await openMenu(page, 'Save');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: as }).click(),
  ]);
  const file = join(directory, name);
  await copyFile(await download.path(), file);
  return file;
}

/** Maps of other sizes show some narrow slabs between the points that are looked at, so a few are seen on one alone. */
function expectSameCells(one: Colours, other: Colours): void {
  const both = [...one].filter(([address]) => other.has(address));
  expect(both.length).toBeGreaterThan(0.98 * Math.max(one.size, other.size));
  expect(new Map(both)).toEqual(new Map(both.map(([address]) => [address, other.get(address)])));
}

/** The texts of a page that say what is seen. */
function answersOf(page: Page): Promise<string[]> {
  return page
    .locator('.verdict .sentence, .parts .part-name, .pair-table td, .owners-table b')
    .allInnerTexts();
}

/** Opens a file from the disk, and returns its page and all that it asked for. */
async function openedAlone(file: string): Promise<{ readonly page: Page; readonly asked: string[] }> {
  const page = await newPage(site.browser, {
    colorScheme: 'dark',
    viewport: { width: 1280, height: 800 },
    offline: true,
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => asked.push(error.message));
  await page.goto(pathToFileURL(file).href);
  await page.locator('canvas.cells').first().waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { page, asked: asked.filter((url) => !/^(data|blob):/.test(url)) };
}

test('a run as HTML opens without a network, with the same cells, and saves its recording, too', async () => {
  const { page, leave } = await visit(`#${RUN}&view.frame=26`);
  const file = await saved(page, 'HTML', 'run.html');
  const { page: alone, asked } = await openedAlone(file);
  expect(asked).toEqual([pathToFileURL(file).href]);
  expect(await alone.locator('.run-title').first().innerText()).toBe('scattered-delete at populated');
  expect(await answersOf(alone)).toEqual(await answersOf(page));
  const cells = await coloursOnPage(page, 'dark');
  expect(cells.size).toBeGreaterThan(500);
  expectSameCells(await coloursOnPage(alone, 'dark'), cells);
  expect(await alone.getByRole('button', { name: /^HTML / }).count()).toBe(0);
  expect(await readFile(await saved(alone, '.slabs', 'again.slabs'))).toEqual(
    await readFile(await saved(page, '.slabs', 'run.slabs')),
  );
  await alone.close();
  await leave();
});

test('two runs as HTML stand beside each other again', async () => {
  const { page, leave } = await visit(PAIR);
  await page.locator('.is-pair .difference canvas').first().waitFor();
  const { page: alone } = await openedAlone(await saved(page, 'HTML', 'pair.html'));
  await alone.locator('.is-pair .difference canvas').first().waitFor();
  const titles = (of: Page) => of.locator('.run-title').allTextContents();
  expect(await titles(page)).toEqual(['A order odd at deleted', 'B order sequential at deleted']);
  expect(await titles(alone)).toEqual(await titles(page));
  expect(await answersOf(alone)).toEqual(await answersOf(page));
  expectSameCells(await coloursOnPage(alone, 'dark'), await coloursOnPage(page, 'dark'));
  await alone.close();
  await leave();
});

test('a recording has all sweeps, and opens on the page and in Node', async () => {
  const { page, leave } = await visit(`#${RUN}`);
  const file = await saved(page, '.slabs', 'kept.slabs');
  const before = { answers: await answersOf(page), cells: await coloursOnPage(page, 'dark') };
  const { recording, damage } = await readRecordingFile(file);
  expect(damage).toBeNull();
  expect(recording.frames.length).toBeGreaterThan(2);
  expect(recording.result?.phases.at(-1)?.name).toBe('deleted');
  await page.goto('about:blank');
  await page.goto(`${site.url}#run=scattered-delete&set.keys=500`);
  await page.locator('input[type=file]').first().setInputFiles(file);
  await page.locator('.run-title', { hasText: 'kept.slabs' }).waitFor();
  expect(await answersOf(page)).toEqual(before.answers);
  expectSameCells(await coloursOnPage(page, 'dark'), before.cells);
  await leave();
});

test('the answer as Markdown, of one run and of two', async () => {
  const one = await visit(`#${RUN}`);
  await one.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = async (page: Page) => {
    await openMenu(page, 'Save');
    await page.locator('.menu').getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.locator('.menu').getByRole('button', { name: 'Copied' }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const text = await copied(one.page);
  const resident = await one.page.locator('.total b').innerText();
  expect(text).toMatch(/^### scattered-delete at deleted\n\n\*\*.* cannot come back\. .*key:\\\*/);
  expect(text).toContain(`| Resident | ${resident} |`);
  expect(text).toMatch(/\| key:\\\* \| .* \| .* \|\n/);
  expect(text).toContain('keys=2000');
  expect(text.trimEnd().endsWith(`<${await one.page.evaluate(() => location.href)}>`)).toBe(true);
  await one.leave();
  const two = await visit(PAIR);
  await two.page.locator('.is-pair').waitFor();
  expect((await copied(two.page)).match(/^### .*/gm)).toEqual([
    '### scattered-delete, order odd at deleted',
    '### scattered-delete, order sequential at deleted',
  ]);
  await two.leave();
});

test('a host without the single page says so', async () => {
  const { page, leave } = await visit(`#${RUN}`);
  await page.route('**/single.html', (route) => route.fulfill({ status: 404 }));
  await openMenu(page, 'Save');
  await page.getByRole('button', { name: /^HTML / }).click();
  await page.locator('.messages .error', { hasText: 'single.html is not beside this page' }).waitFor();
  await leave();
});
