/** What people set in their browser or do with their device: contrast, letters, motion, paper, a turn of the phone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site, type Visit } from './support/page.js';

const RUN = '#run=scattered-delete&set.keys=1000';
const PAIR = `${RUN}&b.run=scattered-delete&b.set.keys=1000&b.set.order=sequential`;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

async function shown(...visiting: Parameters<Site['visit']>): Promise<Visit> {
  const visit = await site.visit(...visiting);
  await visit.settled();
  await visit.page.locator('canvas.cells').first().waitFor();
  return visit;
}

test('with forced colours the parts of memory keep theirs, in the bar as on the map', async () => {
  const { page, leave } = await shown(RUN, { forcedColors: 'active' });
  const [fill, plain] = await page.evaluate(() => {
    const colour = (selector: string) => getComputedStyle(document.querySelector(selector)!).backgroundColor;
    return [colour('.strip .fill-pinned'), colour('.run-name')];
  });
  expect(fill).toBe('rgb(194, 65, 12)');
  expect(plain).toBe('rgb(255, 255, 255)');
  const part = page.locator('.part', { hasText: 'Pinned' });
  await part.click();
  expect(await part.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  await leave();
});

test('on paper stand the answer, the map and the lists, and nothing to press', async () => {
  const { page, leave } = await shown(RUN, { viewport: { width: 717, height: 1000 } });
  await page.emulateMedia({ media: 'print' });
  for (const part of ['.sentence', '.reason', '.strip', '.run-title', '.pane', '.area', '.owners-table'])
    expect(await page.locator(part).first().isVisible(), part).toBe(true);
  for (const part of ['.phone-bar', '.actions', '.menu', '.play', '.bar-root select'])
    expect(await page.locator(part).first().isVisible(), part).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  await leave();
});

test('large letters on a narrow phone: nothing is wider than the screen', async () => {
  const { page, leave } = await shown(RUN, PHONE);
  // To a phone of 390 pixels with letters of one and a half the size, a media query in rem says 260 pixels.
  await page.setViewportSize({ width: 300, height: 844 });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '150%';
  });
  await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
  for (const button of await page.locator('.phone-bar button').all()) {
    expect(await button.evaluate((each) => each.scrollWidth <= each.clientWidth + 1)).toBe(true);
  }
  await leave();
});

test('a phone that is turned keeps the chosen slab and the part in view, and its map fills the new width', async () => {
  const { page, leave } = await shown(`${RUN}&view.zoom=20,20,4&view.selected=200`, PHONE);
  const before = await page.evaluate(() => location.hash);
  await page.setViewportSize({ width: 844, height: 390 });
  await page.waitForFunction(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.cells')!;
    return canvas.clientWidth > 600 && Math.abs(canvas.width / devicePixelRatio - canvas.clientWidth) <= 1;
  });
  expect(await page.locator('.detail').isVisible()).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.setViewportSize(PHONE.viewport);
  await page.waitForFunction(() => document.querySelector('canvas.cells')!.clientWidth < 390);
  expect(await page.evaluate(() => location.hash)).toBe(before);
  await leave();
});

test('three maps of a pair on a phone are of one height', async () => {
  const { page, leave } = await shown(PAIR, PHONE);
  await page.locator('.difference canvas').first().waitFor();
  const heights = await page
    .locator('.pane-frame')
    .evaluateAll((frames) => frames.map((frame) => frame.clientHeight));
  expect(heights).toHaveLength(3);
  expect(new Set(heights).size).toBe(1);
  await leave();
});

test('who wants little motion sees the map zoom at once', async () => {
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const { page, leave } = await shown(RUN, { reducedMotion });
    const isThere = await page.evaluate(() => {
      document.querySelector<HTMLElement>('button[aria-label="Zoom in"]')!.click();
      const { slablab } = globalThis as unknown as { slablab: { view: { get(): { zoom: unknown } } } };
      return slablab.view.get().zoom !== null;
    });
    expect(isThere, reducedMotion).toBe(reducedMotion === 'reduce');
    await leave();
  }
});
