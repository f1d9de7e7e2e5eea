/** The view as one file with a recording in it, opened from a disk: it asks nobody for anything. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';

const TEMPLATE = fileURLToPath(new URL('../../dist/web/single.html', import.meta.url));

let directory: string;
let browser: Browser;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-single-'));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true });
});

test('shows the recording, and loads nothing', async () => {
  await slablab(['run', 'scattered-delete', '--set', 'keys=2000', '--out', directory]);
  const recording = await readFile(join(directory, 'scattered-delete-q3.slabs'));
  const html = (await readFile(TEMPLATE, 'utf8')).replace('@RECORDING@', recording.toString('base64'));
  const file = join(directory, 'map.html');
  await writeFile(file, html);
  const page = await browser.newPage();
  const asked: string[] = [];
  const thrown: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(pathToFileURL(file).href);
  await page.getByRole('heading', { name: 'scattered-delete' }).first().waitFor();
  await page.locator('canvas').first().waitFor();
  expect(thrown).toEqual([]);
  expect(asked.filter((url) => !/^(data|blob):/.test(url))).toEqual([pathToFileURL(file).href]);
});
