/** `slablab map --out map.html`, opened from a disk: what it shows, address by address, and that it asks nobody for anything. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ColourMode,
  type Ground,
  itemAt,
  type MapLayout,
  type MapOrder,
  PARTS,
  pixelOf,
} from '#slablab/src/map/index.js';
import { readRecordingFile } from '#slablab/src/recording/recording-file.js';
import { chooseMaps, pictureOf } from '#slablab/src/report/index.js';
import { slablab } from '../support/cli.js';
import { pngCells, svgCells } from '../support/map-cells.js';
import { launchBrowser, newPage } from './support/browser.js';

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

/** An address, or `none` for what has none, and the colours that it has. */
type Colours = Map<string, Set<number>>;

/** Of what lies at each address, in a file of cells. */
function coloursByAddress(layout: MapLayout, cells: readonly number[]): Colours {
  const colours: Colours = new Map();
  const { granules, unused, firstUnused, info } = layout;
  cells.forEach((colour, cell) => {
    const item = itemAt(layout, cell);
    if (item === null) return;
    const page = item < firstUnused ? granules.page[item] : unused.page[item - firstUnused];
    const address = page === undefined ? 'none' : `0x${(page * info.pageSize).toString(16).padStart(8, '0')}`;
    colours.set(address, (colours.get(address) ?? new Set()).add(colour));
  });
  return colours;
}

/** As a reader finds it: points at the map here and there, and reads the tooltip and the pixel under the pointer. */
async function coloursOnPage(page: Page, ground: Ground): Promise<Colours> {
  const seen = await page.evaluate(() => {
    const over = document.querySelector('canvas.over') as HTMLCanvasElement;
    const { width, height, data } = (() => {
      const canvas = document.querySelector('canvas.cells') as HTMLCanvasElement;
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      return context.getImageData(0, 0, canvas.width, canvas.height);
    })();
    const pixels = new Uint32Array(data.buffer);
    const { left, top } = over.getBoundingClientRect();
    const tip = document.querySelector('.tip') as HTMLElement;
    const STEP = 6;
    const found: [address: string, colour: number][] = [];
    for (let y = 1; y < height; y += STEP) {
      for (let x = 1; x < width; x += STEP) {
        over.dispatchEvent(
          new PointerEvent('pointermove', { clientX: left + x, clientY: top + y, bubbles: true }),
        );
        const address = tip.hidden ? '' : (tip.querySelector('code')?.textContent ?? '');
        found.push([address, pixels[y * width + x] as number]);
      }
    }
    return found;
  });
  const colours: Colours = new Map();
  for (const [shown, colour] of seen) {
    const [address] = shown.split(':');
    // Between slabs there is the ground, and in textures, too.
    if (colour === 0 || colour === pixelOf(PARTS[ground].ground)) continue;
    colours.set(address as string, (colours.get(address as string) ?? new Set()).add(colour));
  }
  return colours;
}

/**
 * Address space without memory is where a slab was, on the page, or nowhere; and its hatching has a line here and there.
 */
function withoutRetained(colours: Colours, ground: Ground): Colours {
  const hatch = pixelOf(PARTS[ground].hatch);
  return new Map([...colours].filter(([, these]) => !these.has(hatch)));
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
    const url = page.url();
    await page.goto('about:blank');
    await page.goto(url);
    expect(await page.locator('.run-title').first().innerText()).toContain('deleted');
    await page.close();
  });
});
