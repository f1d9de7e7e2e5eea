/** What one sees of a run on the built page: the map, its moments, its filters, two runs side by side, files of it. */

import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { openForm, openMenu, openSite, type Site, type Visit } from './support/page.js';

const SHOTS = fileURLToPath(new URL('../../results/screenshots/', import.meta.url));
/** 20 sweeps or so; half of what was populated is deleted in the end. */
const RUN = '#run=scattered-delete&set.keys=5000&sweep-every=3000';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true });
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  visit = await site.visit(RUN, { reducedMotion: 'reduce', colorScheme: 'dark' });
  page = visit.page;
  await visit.settled();
});
afterEach(() => visit.leave());

interface Shown {
  readonly title: string;
  readonly recording: {
    readonly info: { readonly pageSize: number };
    readonly frames: readonly {
      readonly phase: string;
      readonly snapshot: Survey;
      readonly owners: unknown;
    }[];
    readonly result: unknown;
  };
}
interface Survey {
  readonly granules: Record<'page' | 'live' | 'parked' | 'free', ArrayLike<number>> & {
    readonly count: number;
  };
}
interface Handle {
  readonly recordings: { get(): Shown[] };
  readonly view: { get(): { frame: number | null; zoom: { scale: number } | null; selected: number | null } };
}
type Global = { readonly slablab: Handle };

const phases = (side = 0) =>
  page.evaluate(
    (at) =>
      (globalThis as unknown as Global).slablab.recordings
        .get()
        [at]!.recording.frames.map((frame) => frame.phase),
    side,
  );
const view = () => page.evaluate(() => (globalThis as unknown as Global).slablab.view.get());
const heading = (side = 0) => page.locator('.run-title').nth(side).innerText();
const map = () => page.locator('canvas.over').first();

/** The map as it is drawn, and how many different colours it has. */
async function drawn(side = 0): Promise<{ readonly image: string; readonly colours: number }> {
  // Drawing is done in the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.evaluate((at) => {
    const canvas = document.querySelectorAll<HTMLCanvasElement>('canvas.cells')[at]!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return { image: canvas.toDataURL(), colours: new Set(new Uint32Array(data.buffer)).size };
  }, side);
}

/** Points at a slab of the values' class, and gives where it is on the map. */
async function pointAtValue(): Promise<{ readonly x: number; readonly y: number }> {
  await map().scrollIntoViewIfNeeded();
  const box = (await map().boundingBox())!;
  const x = Math.round(box.width / 4);
  for (let y = 10; y < box.height; y += 15) {
    await page.mouse.move(box.x + x, box.y + y);
    const tip = page.locator('.tip:not([hidden])');
    if ((await tip.count()) > 0 && (await tip.innerText()).includes('class 1,024')) return { x, y };
  }
  throw new Error('no slab of class 1024 is on the map');
}

describe('time', () => {
  test('keys and the play button move the moment, and everything with it', async () => {
    const names = await phases();
    expect(names.length).toBeGreaterThan(10);
    expect(await heading()).toContain('deleted');
    const last = await drawn();
    const scrubber = page.getByRole('slider');
    await scrubber.focus();
    await page.keyboard.press('Home');
    expect(await heading()).toContain(names[0]);
    expect((await drawn()).image).not.toBe(last.image);
    await page.keyboard.press('ArrowRight');
    expect((await view()).frame).toBe(1);
    expect(await scrubber.getAttribute('aria-valuetext')).toContain(`2 of ${names.length}`);
    await page.keyboard.press('End');
    await page.keyboard.press('PageDown');
    expect(await heading()).not.toContain('deleted');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForFunction(() => (globalThis as unknown as Global).slablab.view.get().frame === null);
    expect(await heading()).toContain('deleted');
    expect((await drawn()).image).toBe(last.image);
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  test('a click into a chart goes to the sweep that is nearest', async () => {
    await page.locator('.figures > summary').click();
    const chart = page.locator('.chart svg').first();
    const box = (await chart.boundingBox())!;
    await chart.click({ position: { x: 12, y: 30 } });
    expect((await view()).frame).toBe(0);
    await chart.click({ position: { x: box.width - 4, y: 30 } });
    expect((await view()).frame).toBeNull();
  });
});

describe('the map', () => {
  test('the tooltip says what the snapshot has of the slab under the pointer', async () => {
    await pointAtValue();
    const [title, gist, ...rest] = (await page.locator('.tip').innerText()).split('\n');
    expect(title).toMatch(/^Slab of class 1,024, 4 regions$/);
    const address = rest.at(-1)!;
    const there = await page.evaluate((hex) => {
      const { recording } = (globalThis as unknown as Global).slablab.recordings.get()[0]!;
      const { granules } = recording.frames.at(-1)!.snapshot;
      const at = Array.prototype.indexOf.call(granules.page, Number(hex) / recording.info.pageSize);
      return [granules.live[at], granules.parked[at], granules.free[at]];
    }, address);
    expect(gist!.match(/\d+(?= (live|parked|free))/g)!.map(Number)).toEqual(there);
    await page.screenshot({ path: `${SHOTS}map-hover.png` });
  });

  test('a click keeps a slab in the panel through time, and Escape lets it go', async () => {
    const position = await pointAtValue();
    await map().click({ position });
    const panel = page.getByRole('region', { name: 'Chosen slab' });
    expect(await panel.innerText()).toMatch(/live region.*keep.* from coming back/);
    const { selected } = await view();
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    expect((await view()).selected).toBe(selected);
    expect(await panel.innerText()).toMatch(/nothing begins at|Slab of class|extent/);
    await map().focus();
    await page.keyboard.press('Escape');
    expect(await panel.isVisible()).toBe(false);
  });

  test('keys zoom, move, and go from slab to slab, which is said', async () => {
    const whole = await drawn();
    await map().focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    expect((await view()).zoom?.scale).toBe(8);
    const near = await drawn();
    expect(near.image).not.toBe(whole.image);
    await page.screenshot({ path: `${SHOTS}map-zoomed.png` });
    await page.keyboard.press('Shift+ArrowDown');
    expect((await drawn()).image).not.toBe(near.image);
    await page.keyboard.press('ArrowRight');
    const said = page.locator('.pane [aria-live]');
    const first = await said.innerText();
    expect(first).toMatch(/ at 0x[0-9a-f]+: /);
    await page.keyboard.press('ArrowRight');
    expect(await said.innerText()).not.toBe(first);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('region', { name: 'Chosen slab' }).isVisible()).toBe(true);
    await page.keyboard.press('0');
    expect((await view()).zoom).toBeNull();
    expect((await drawn()).image).toBe(whole.image);
  });

  test('the wheel zooms in where the pointer is', async () => {
    const { x, y } = await pointAtValue();
    const before = await page.locator('.tip code').innerText();
    await page.mouse.wheel(0, -200);
    await page.waitForFunction(() => (globalThis as unknown as Global).slablab.view.get().zoom !== null);
    const box = (await map().boundingBox())!;
    await page.mouse.move(box.x + x + 1, box.y + y);
    await page.mouse.move(box.x + x, box.y + y);
    expect(await page.locator('.tip code').innerText()).toBe(before);
  });
});

/** Tab, as often as it takes, to what the keyboard is wanted for; it must be seen there. */
async function tabTo(selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate((wanted) => {
      const element = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return {
        isThere: element.matches(wanted),
        isSeen: outlineStyle !== 'none' && outlineWidth !== '0px',
        what: element.outerHTML.slice(0, 120),
      };
    }, selector);
    if (focus.what.startsWith('<body')) continue;
    expect(focus.isSeen, focus.what).toBe(true);
    if (focus.isThere) return;
  }
  throw new Error(`Tab does not come to ${selector}`);
}

describe('without a mouse', () => {
  test('Tab and keys alone: run, go back in time, zoom, choose a slab, filter, save', async () => {
    await tabTo('.run-name');
    await page.keyboard.press('Enter');
    await tabTo('button[type="submit"]');
    await page.keyboard.press('Enter');
    await visit.settled();
    await tabTo('.menu:nth-of-type(2) summary');
    await page.keyboard.press('Enter');
    await tabTo('.exports button:last-child');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toMatch(/\.json$/);
    const all = await drawn();
    await tabTo('button.part');
    await page.keyboard.press('Space');
    expect((await drawn()).image).not.toBe(all.image);
    await page.keyboard.press('Space');
    expect((await drawn()).image).toBe(all.image);
    await tabTo('canvas.over');
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('region', { name: 'Chosen slab' }).isVisible()).toBe(true);
    await tabTo('input[type="range"]');
    await page.keyboard.press('Home');
    expect((await view()).frame).toBe(0);
  });
});

describe('a link', () => {
  test('shows the same map, pixel by pixel, to whoever opens it', async () => {
    await map().focus();
    for (const key of ['+', '+', 'Shift+ArrowDown']) await page.keyboard.press(key);
    await page.getByRole('slider').focus();
    await page.keyboard.press('PageDown');
    await page.getByLabel('Colour by').selectOption('state');
    await page.getByRole('button', { name: /^Pinned/ }).click();
    // The address follows a moment later, and the last change is that of states.
    await page.waitForFunction(() =>
      ['zoom=', 'colour=state', 'states='].every((part) => location.hash.includes(part)),
    );
    const { image, colours } = await drawn();
    expect(colours).toBeGreaterThan(1);
    const hash = new URL(await page.evaluate(() => location.href)).hash;
    const other = await site.visit(hash, { reducedMotion: 'reduce', colorScheme: 'dark' });
    await other.settled();
    await visit.leave();
    ({ page } = other);
    visit = other;
    expect((await drawn()).image === image, 'the same pixels').toBe(true);
    await page.reload();
    await visit.settled();
    expect((await drawn()).image === image, 'the same pixels').toBe(true);
  });
});

describe('filters', () => {
  test('a class that is chosen in the table stays on the map and the others fade', async () => {
    const all = await drawn();
    await page.locator('.figures > summary').click();
    const choose = page.getByRole('button', { name: 'class 1024 bytes' });
    await choose.click();
    expect(await choose.getAttribute('aria-pressed')).toBe('true');
    const one = await drawn();
    expect(one.image).not.toBe(all.image);
    await page.screenshot({ path: `${SHOTS}map-filtered.png` });
    await page.getByRole('button', { name: /^Pinned/ }).click();
    expect(await choose.getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(await choose.getAttribute('aria-pressed')).toBe('false');
    expect((await drawn()).image).toBe(all.image);
  });

  test('colours and order change the map, and the legend says what they mean', async () => {
    const occupancy = await drawn();
    await page.getByLabel('Colour by').selectOption('state');
    expect((await drawn()).image).not.toBe(occupancy.image);
    expect(await page.locator('.legend').innerText()).toContain('pinned');
    const byClass = await drawn();
    await openMenu(page, 'View');
    await page.getByLabel('Order by').selectOption('address');
    expect((await drawn()).image).not.toBe(byClass.image);
  });
});

describe('owners', () => {
  const OWNED = '#run=queue-drain&set.queues=10&set.items=50&sweep-every=0';
  const PATTERN = /^[a-z]+:\*/;
  const untilOwned = (title: string) =>
    page.waitForFunction((wanted) => {
      const [shown] = (globalThis as unknown as Global).slablab.recordings.get();
      return (
        shown?.title === wanted &&
        shown.recording.result !== null &&
        shown.recording.frames.at(-1)?.owners != null
      );
    }, title);

  /** The names of the list, and that a choice leaves some slabs and fades others. */
  async function chooseOwner(): Promise<string[]> {
    await page.getByRole('button', { name: /^All \d+ owners/ }).click();
    const rows = page.locator('.owners-table tbody tr');
    const names = await rows.locator('button').allInnerTexts();
    expect(names.length).toBeGreaterThan(3);
    const amounts = await rows.locator('td').allInnerTexts();
    expect(
      amounts.every((amount) => /^[\d.,]+ ([KMG]i)?B$/.test(amount.trim())),
      `${amounts}`,
    ).toBe(true);
    const all = await drawn();
    await rows.locator('button').first().click();
    expect(await rows.locator('button').first().getAttribute('aria-pressed')).toBe('true');
    expect((await drawn()).image).not.toBe(all.image);
    await page.screenshot({ path: `${SHOTS}owners.png` });
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect((await drawn()).image).toBe(all.image);
    await page.getByRole('searchbox').fill(names.at(-1)!.slice(0, -1));
    expect(await rows.locator('button').allInnerTexts()).toContain(names.at(-1));
    expect(await rows.count()).toBeLessThan(names.length);
    await page.getByRole('searchbox').fill('nobody has this name');
    expect(await page.locator('.owners').innerText()).toContain('No owner has “nobody has this name”');
    return names;
  }

  test('of a run here, without asking for them: a list by patterns of keys, and a filter', async () => {
    await page.goto(`${site.url}${OWNED}`);
    await untilOwned('queue-drain');
    expect((await chooseOwner()).some((name) => PATTERN.test(name))).toBe(true);
    await map().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: 'Chosen slab' });
    expect(await panel.locator('.residents').first().innerText()).toMatch(/\d+ \(\d+\.\d%\)/);
  });

  test('of a recording that was made with --owners the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slablab-owners-'));
    const options = ['--set', 'queues=10', '--set', 'items=50', '--owners', '--quiet', '--out', folder];
    await slablab(['run', 'queue-drain', ...options]);
    const [file] = (await readdir(folder)).filter((name) => name.endsWith('.slabs'));
    await page.locator('input[type=file]').setInputFiles(join(folder, file!));
    await untilOwned(file!);
    expect((await chooseOwner()).some((name) => PATTERN.test(name))).toBe(true);
    await rm(folder, { recursive: true });
  });
});

describe('what has changed', () => {
  test('slabs that came back since another sweep are on the map, and the legend names them', async () => {
    await page.getByLabel('Colour by').selectOption('difference');
    const sincePhase = await drawn();
    await page.getByLabel('compared with').selectOption({ index: 1 });
    expect((await drawn()).image).not.toBe(sincePhase.image);
    await page.getByLabel('compared with').selectOption({ label: 'populated' });
    expect((await drawn()).image).toBe(sincePhase.image);
    expect(await page.locator('.legend').innerText()).toContain('drained');
    await pointAtValue();
    expect(await page.locator('.tip .meaning').innerText()).toMatch(/emptier/);
    await page.screenshot({ path: `${SHOTS}difference.png` });
  });
});

describe('two runs', () => {
  test('stand side by side with one camera and one time', async () => {
    await openForm(page);
    await page.getByLabel('order', { exact: true }).selectOption('sequential');
    await page.getByRole('button', { name: 'Run beside', exact: true }).click();
    await page.locator('.side').nth(1).waitFor();
    await visit.settled();
    const [left, right] = [await drawn(0), await drawn(1)];
    expect(left.image).not.toBe(right.image);
    await page.screenshot({ path: `${SHOTS}two-runs.png`, fullPage: true });
    await page.locator('canvas.over').nth(1).focus();
    await page.keyboard.press('+');
    expect((await drawn(0)).image).not.toBe(left.image);
    expect((await drawn(1)).image).not.toBe(right.image);
    const cameras = await page.evaluate(() =>
      [...document.querySelectorAll('canvas.over')].map((canvas) =>
        String((canvas as unknown as { __zoom: unknown }).__zoom),
      ),
    );
    expect(cameras[0]).toBe(cameras[1]);
    await page.getByRole('slider').nth(1).focus();
    await page.keyboard.press('Home');
    const [first] = await phases();
    const moments = await page
      .getByRole('slider')
      .evaluateAll((sliders) => sliders.map((slider) => slider.getAttribute('aria-valuetext')));
    expect(moments).toEqual([expect.stringContaining(first!), expect.stringContaining(first!)]);
  });
});

describe('files', () => {
  async function saved(as: string): Promise<Buffer> {
    await openMenu(page, 'Save');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: as }).click(),
    ]);
    // A picture is of a moment, and the result of the whole run.
    const moment = as === 'JSON' ? '' : '-deleted';
    expect(download.suggestedFilename()).toBe(`slablab-scattered-delete${moment}.${as.toLowerCase()}`);
    return readFile(await download.path());
  }

  test('JSON is the result of the run', async () => {
    const result = await page.evaluate(
      () => (globalThis as unknown as Global).slablab.recordings.get()[0]!.recording.result,
    );
    expect(JSON.parse((await saved('JSON')).toString())).toEqual(result);
  });

  test('PNG is a picture of the whole map that stands alone', async () => {
    const { data, width, text } = decode(await saved('PNG'));
    // The command line's picture: a slab of one page is eight pixels wide, and there are 96 in a row.
    expect(width).toBeGreaterThan(96 * 8);
    expect(text?.Title).toContain('scattered-delete');
    expect(new Set(data).size).toBeGreaterThan(8);
  });

  test('SVG is the map as shapes', async () => {
    const svg = (await saved('SVG')).toString();
    const root = await page.evaluate(
      (text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.nodeName,
      svg,
    );
    expect(root).toBe('svg');
    expect(svg).toContain('scattered-delete');
  });
});

describe('a phone', () => {
  test('has all of it in one column, and nothing is wider than the screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await drawn();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
    await page.screenshot({ path: `${SHOTS}phone.png`, fullPage: true });
  });
});

describe('at every size, and for amounts of every length', () => {
  test.each([
    [1440, 900],
    [1280, 800],
    [390, 844],
  ])('%d x %d: no label of the answer is cut or covers another', async (width, height) => {
    await page.setViewportSize({ width, height });
    await page.goto(`${site.url}#run=ttl-storm&set.keys=60000`);
    await visit.settled();
    await page
      .getByText(/cannot come back/)
      .first()
      .waitFor();
    const faults = await page.evaluate(() => {
      // Longer amounts than those of this run, as of a server with many gigabytes.
      for (const amount of document.querySelectorAll('.part-name b')) amount.textContent = '1,016.0 MiB';
      const shown = [...document.querySelectorAll<HTMLElement>('.part-name')];
      const boxes = shown.map((label) => {
        const range = document.createRange();
        range.selectNodeContents(label);
        return range.getBoundingClientRect();
      });
      const covered = boxes.flatMap((a, at) =>
        boxes
          .slice(at + 1)
          .filter((b) => a.right > b.left && b.right > a.left && a.bottom > b.top && b.bottom > a.top),
      );
      const cut = [...document.querySelectorAll<HTMLElement>('.strip-part span, .run-title')].filter(
        (label) => label.offsetWidth > 0 && label.scrollWidth > label.clientWidth,
      );
      return [covered.length, ...cut.map(({ textContent }) => textContent)];
    });
    expect(faults).toEqual([0]);
  });
});
