/** Two runs on the built page: the sentence, the table, the map of their difference, and the chart. */
import { readFile } from 'node:fs/promises';
import type { Download } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMenu, openSite, type Site } from './support/page.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('two runs say what differs, as a map, too, which moves with the others', async () => {
  const visit = await site.visit(
    '#run=scattered-delete&set.keys=2000&b.run=scattered-delete&b.set.keys=2000&b.set.order=sequential',
    { reducedMotion: 'reduce' },
  );
  const { page } = visit;
  await visit.settled();
  await page.locator('.is-pair').waitFor();
  expect(await page.locator('.pair-answer .sentence').innerText()).toMatch(/^B pins .* MiB less than A\./);
  const first = page.locator('.pair-table tbody tr').first();
  expect(await first.innerText()).toMatch(/^Pinned\s/);
  expect(await page.locator('.pair-label').allInnerTexts()).toHaveLength(2);
  await page.getByLabel('Figure over time').selectOption('In use');
  await page.waitForFunction(() =>
    document.querySelector('.pair-chart')?.ariaLabel?.startsWith('In use over time'),
  );
  const drawn = () =>
    page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const canvas = document.querySelector<HTMLCanvasElement>('.difference canvas.cells')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return { colours: new Set(new Uint32Array(data.buffer)).size, image: canvas.toDataURL() };
    });
  const whole = await drawn();
  expect(whole.colours).toBeGreaterThan(3);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.waitForFunction(() => location.hash.includes('view.zoom='));
  expect((await drawn()).image).not.toBe(whole.image);
  const downloads: Download[] = [];
  page.on('download', (download) => downloads.push(download));
  await openMenu(page, 'Save');
  for (const as of ['SVG', 'PNG']) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: as }).click(),
    ]);
    const file = (await readFile(await download.path())).toString('latin1');
    expect(file, as).toMatch(/order odd[\s\S]*order sequential/);
  }
  // Each of the two files has both maps.
  expect(downloads).toHaveLength(2);
  // By address the pages of two runs have nothing in common.
  await page.goto(
    `${site.url}#run=scattered-delete&set.keys=2000&b.run=scattered-delete&b.set.keys=2000&view.order=address`,
  );
  await page.locator('.difference').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Close the second run' }).click();
  await page.locator('.pair-answer').waitFor({ state: 'detached' });
  await visit.leave();
});
