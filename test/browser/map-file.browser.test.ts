/** `slablab map --out map.html`, opened from a disk: what it shows, address by address, and that it asks nobody for anything. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColourMode, Ground, MapOrder } from '#slablab/src/map/index.js';
import { readRecordingFile } from '#slablab/src/recording/recording-file.js';
import { chooseMaps, pictureOf } from '#slablab/src/report/index.js';
import { slablab } from '../support/cli.js';
import { pngCells, svgCells } from '../support/map-cells.js';
import { launchBrowser, newPage } from './support/browser.js';
import { coloursByAddress, coloursOnPage, withoutRetained } from './support/cells.js';

let directory: string;
let browser: Browser;
let recording: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-map-file-'));
  browser = await launchBrowser();
  const settings = ['keys=2000', 'order=random', 'drop=0.9'].flatMap((each) => ['--set', each]);
  await slablab(['run', 'scattered-delete', ...settings, '--owners', '--out', directory]);
  recording = join(directory, 'scattered-delete-q3.slabs');
});
afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true });
});

async function mapFile(name: string, ...args: readonly string[]): Promise<string> {
  const file = join(directory, name);
  expect(await slablab(['map', recording, '--out', file, ...args])).toMatchObject({ exitCode: 0 });
  return file;
}

async function opened(file: string, ground: Ground): Promise<Page> {
  const page = await newPage(browser, { colorScheme: ground, viewport: { width: 1280, height: 800 } });
  await page.goto(pathToFileURL(file).href);
  await page.locator('.run-title').first().waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page;
}

test('shows the recording and the licences of its code, and loads nothing', async () => {
  const file = await mapFile('map.html');
  const page = await newPage(browser);
  const asked: string[] = [];
  const thrown: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(pathToFileURL(file).href);
  await page.getByRole('heading', { name: 'scattered-delete' }).first().waitFor();
  await page.locator('canvas').first().waitFor();
  await page.getByText('Licences', { exact: true }).click();
  expect(await page.locator('.licences pre').innerText()).toMatch(/^d3-zoom \d/m);
  expect(thrown).toEqual([]);
  expect(asked.filter((url) => !/^(data|blob):/.test(url))).toEqual([pathToFileURL(file).href]);
  await page.close();
});

describe('every address has the colour that it has in the SVG and the PNG of the same command', () => {
  test.each<{ order: MapOrder; colour: ColourMode; ground: Ground; more?: { before: string } }>([
    { order: 'class', colour: 'occupancy', ground: 'dark' },
    { order: 'address', colour: 'occupancy', ground: 'light' },
    { order: 'class', colour: 'owner', ground: 'light' },
    { order: 'address', colour: 'state', ground: 'dark' },
    { order: 'class', colour: 'difference', ground: 'dark', more: { before: 'populated' } },
  ])('$order, $colour, on a $ground ground', async ({ order, colour, ground, more = {} }) => {
    const before = Object.entries(more).flatMap(([name, value]) => [`--${name}`, value]);
    const args = ['--order', order, '--colour', colour, ...before];
    const html = await mapFile('map.html', ...args);
    const svg = await mapFile('map.svg', ...args, '--ground', ground);
    const png = await mapFile('map.png', ...args, '--ground', ground);
    const choice = { phases: [], order, colour, ground, retained: true, ...more };
    const read = await readRecordingFile(recording);
    const picture = pictureOf(read.recording, chooseMaps(read.recording, choice), choice);
    const { layout } = picture.panels[0]!;
    const inSvg = coloursByAddress(layout, svgCells(await readFile(svg, 'utf8'), layout, ground));
    const inPng = coloursByAddress(layout, pngCells(await readFile(png), picture));

    const page = await opened(html, ground);
    const onPage = await coloursOnPage(page, ground);
    await page.close();
    expect(inPng).toEqual(inSvg);
    expect(new Set([...inPng.values()].flatMap((colours) => [...colours])).size).toBeGreaterThan(2);
    expect(withoutRetained(onPage, ground)).toEqual(withoutRetained(inPng, ground));
  });

  test('the phase that was chosen is shown at first, and a link leads to what was seen', async () => {
    const file = await mapFile('map.html', '--phase', 'populated', '--order', 'address');
    const page = await opened(file, 'dark');
    expect(await page.locator('.run-title').first().innerText()).toContain('populated');
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    const url = await page.evaluate(() => location.href);
    await page.goto('about:blank');
    await page.goto(url);
    expect(await page.locator('.run-title').first().innerText()).toContain('deleted');
    await page.close();
  });
});
