/** The page under fingers, on a phone; what fits on the first screen of a laptop; and what the page may load. */
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, type Site, type Visit } from './support/page.js';

const RUN = '#run=scattered-delete&set.keys=5000&sweep-every=3000';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

interface View {
  readonly zoom: { readonly x: number; readonly y: number; readonly scale: number } | null;
  readonly selected: number | null;
}
const view = (page: Page): Promise<View> =>
  page.evaluate(() => (globalThis as unknown as { slablab: { view: { get(): View } } }).slablab.view.get());

type Point = readonly [x: number, y: number];

/** Moves fingers from places to others, in steps as a hand does. */
async function drag(client: CDPSession, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const STEPS = 8;
  const at = (share: number) =>
    from.map(([x, y], finger) => ({
      x: x + (to[finger]![0] - x) * share,
      y: y + (to[finger]![1] - y) * share,
      id: finger,
    }));
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
  for (let step = 1; step <= STEPS; step++) {
    await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(step / STEPS) });
  }
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** Holds that what one presses is 44 pixels high, and links in running text 24. */
async function expectRoomForFingers(page: Page): Promise<void> {
  const small = await page
    .locator('button:visible, summary:visible, select:visible, input:visible:not(.scrubber)')
    .evaluateAll((all) =>
      all.flatMap((each) => {
        const { width, height } = each.getBoundingClientRect();
        const least = each.matches('.link, input[type="checkbox"]') ? 24 : 44;
        return Math.min(width, height) < least - 0.5 ? [`${each.outerHTML}: ${width} x ${height}`] : [];
      }),
    );
  expect(small).toEqual([]);
}

describe('on a phone', () => {
  async function phone(
    link = RUN,
    which = 'canvas.over',
  ): Promise<{ visit: Visit; page: Page; client: CDPSession; middle: Point }> {
    const visit = await site.visit(link, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      reducedMotion: 'reduce',
    });
    await visit.settled();
    const { page } = visit;
    await page.locator(which).scrollIntoViewIfNeeded();
    const box = (await page.locator(which).boundingBox())!;
    const client = await visit.context.newCDPSession(page);
    return { visit, page, client, middle: [box.x + box.width / 2, box.y + box.height / 2] };
  }

  test('two fingers zoom, one then moves the map, and at the whole map it scrolls the page', async () => {
    const { visit, page, client, middle } = await phone();
    const [x, y] = middle;
    await drag(
      client,
      [
        [x - 20, y],
        [x + 20, y],
      ],
      [
        [x - 80, y],
        [x + 80, y],
      ],
    );
    await page.waitForFunction(
      () =>
        (globalThis as unknown as { slablab: { view: { get(): View } } }).slablab.view.get().zoom !== null,
    );
    const near = (await view(page)).zoom!;
    expect(near.scale).toBeGreaterThan(1.5);
    const scrolled = await page.evaluate(() => scrollY);
    await drag(client, [[x, y]], [[x - 60, y - 40]]);
    await expect.poll(async () => (await view(page)).zoom?.x).not.toBe(near.x);
    const moved = (await view(page)).zoom!;
    expect(moved.x).toBeGreaterThan(near.x);
    expect(moved.scale).toBe(near.scale);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    for (let taps = 0; taps < 4; taps++) await page.getByRole('button', { name: 'Zoom out' }).tap();
    await expect.poll(async () => (await view(page)).zoom).toBeNull();
    expect(
      await page.locator('canvas.over').evaluate((canvas: HTMLElement) => canvas.style.touchAction),
    ).toBe('pan-y');
    await visit.leave();
  });

  test('fingers on any map of a pair move all three', async () => {
    const pair = `${RUN}&b.${RUN.slice(1).replaceAll('&', '&b.')}&b.set.order=sequential`;
    const { visit, page, client, middle } = await phone(pair, '.difference canvas.cells');
    const drawn = () =>
      page.locator('canvas.cells').evaluateAll(async (all) => {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return (all as HTMLCanvasElement[]).map((canvas) => canvas.toDataURL());
      });
    const whole = await drawn();
    expect(whole).toHaveLength(3);
    const [x, y] = middle;
    const fingers = (apart: number): Point[] => [
      [x - apart, y],
      [x + apart, y],
    ];
    await drag(client, fingers(20), fingers(80));
    await expect.poll(async () => (await view(page)).zoom?.scale ?? 0).toBeGreaterThan(1.5);
    const near = await drawn();
    near.forEach((image, at) => {
      expect(image, `map ${at}`).not.toBe(whole[at]);
    });
    const before = (await view(page)).zoom!;
    await drag(client, [[x, y]], [[x - 60, y - 40]]);
    await expect.poll(async () => (await view(page)).zoom?.x).toBeGreaterThan(before.x);
    await visit.leave();
  });

  test('a finger moves an atlas that is wider than the screen, and a tap opens a cell', async () => {
    const sweep = '#run=scattered-delete&set.keys=500&axis.dirty_decay_ms=0,1000,10000,-1';
    const { visit, page, client } = await phone(sweep, '.atlas-cell >> nth=0');
    await page.getByText('4 of 4 cells').waitFor();
    const grid = page.locator('.atlas-grid');
    await grid.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await grid.boundingBox())!;
    const [right, middle] = [x + width - 30, y + height / 2];
    await drag(client, [[right, middle]], [[right - 200, middle]]);
    await expect.poll(() => grid.evaluate((element) => element.scrollLeft)).toBeGreaterThan(50);
    await page.locator('.atlas-cell').last().tap();
    await page.locator('.run-title', { hasText: 'scattered-delete' }).waitFor({ state: 'attached' });
    await visit.leave();
  });

  test('a tap opens the sheet of a slab, below which the map stays in view; its buttons fit a finger', async () => {
    const { visit, page, middle } = await phone();
    await page.touchscreen.tap(...(middle as [number, number]));
    const sheet = page.getByRole('region', { name: 'Chosen slab' });
    await sheet.waitFor();
    expect(await sheet.getByRole('list', { name: 'Its life' }).innerText()).toMatch(/Opened/);
    const box = (await sheet.boundingBox())!;
    expect(Math.round(box.y + box.height)).toBe(844);
    const before = (await view(page)).selected;
    await sheet.getByRole('button', { name: 'Next slab' }).tap();
    expect((await view(page)).selected).not.toBe(before);
    await expectRoomForFingers(page);
    const grip = (await sheet.locator('.grip').boundingBox())!;
    const [gripX, gripY] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
    const { height } = (await sheet.boundingBox())!;
    await page.mouse.move(gripX, gripY);
    await page.mouse.down();
    await page.mouse.move(gripX, gripY - 150, { steps: 3 });
    await page.mouse.up();
    await expect.poll(async () => (await sheet.boundingBox())!.height).toBeGreaterThan(height + 100);
    await sheet.getByRole('button', { name: 'Let the slab go' }).tap();
    expect(await sheet.isVisible()).toBe(false);
    await visit.leave();
  });

  test('answer, map, timeline and the bar of sheets are on the first screen; causes and remedies are sheets', async () => {
    const { visit, page } = await phone();
    await page.evaluate(() => scrollTo(0, 0));
    const bar = page.getByRole('navigation', { name: 'Sheets' });
    const foot = (await bar.boundingBox())!;
    expect(Math.round(foot.y + foot.height)).toBe(844);
    for (const part of ['.sentence', '.strip', '.parts', '.pane .stack', '.area']) {
      const box = (await page.locator(part).first().boundingBox())!;
      expect(box.y, part).toBeGreaterThan(0);
      expect(box.y + box.height, part).toBeLessThanOrEqual(foot.y);
    }
    const causes = page.getByRole('region', { name: 'What pins it' });
    const remedies = page.getByRole('region', { name: 'What would free it' });
    expect(await causes.isVisible()).toBe(false);
    await bar.getByRole('button', { name: 'What pins it' }).tap();
    await causes.getByRole('button', { name: 'key:*' }).waitFor();
    await expectRoomForFingers(page);
    await bar.getByRole('button', { name: 'What frees it' }).tap();
    expect(await causes.isVisible()).toBe(false);
    const before = (await remedies.boundingBox())!;
    const grip = (await remedies.locator('.grip').boundingBox())!;
    await page.mouse.move(grip.x + 20, grip.y + 5);
    await page.mouse.down();
    await page.mouse.move(grip.x + 20, grip.y + 105, { steps: 3 });
    await page.mouse.up();
    await expect.poll(async () => (await remedies.boundingBox())!.height).toBeLessThan(before.height - 80);
    await bar.getByRole('button', { name: 'What frees it' }).tap();
    expect(await remedies.isVisible()).toBe(false);
    await bar.getByRole('button', { name: 'Change run' }).tap();
    await page.locator('dialog.drawer[open]').waitFor();
    await expectRoomForFingers(page);
    await visit.leave();
  });

  test('while a run goes on, the sentence says how far it is, and Cancel is in reach', async () => {
    const { visit, page } = await phone();
    await page.evaluate(() => {
      location.hash = '#run=value-drift&set.keys=2000000';
    });
    await page.locator('.verdict .sentence', { hasText: /^Running/ }).waitFor();
    const cancel = page.getByRole('button', { name: 'Cancel' });
    const { x, width } = (await cancel.boundingBox())!;
    expect(x + width).toBeLessThanOrEqual(390);
    const name = (await page.locator('.run-name').boundingBox())!;
    expect(name.x + name.width).toBeLessThanOrEqual(x);
    await cancel.tap();
    await visit.settled();
    await page.locator('.verdict .sentence', { hasText: /^(?!Running)/ }).waitFor();
    await visit.leave();
  });
});

describe('on a laptop', () => {
  test.each([
    [1440, 900],
    [1280, 800],
  ])('%i by %i: answer, map, timeline and causes are on the first screen', async (width, height) => {
    const visit = await site.visit(RUN, { viewport: { width, height } });
    await visit.settled();
    for (const part of ['.sentence', '.strip', '.parts', '.owners-table', '.pane .stack', '.area']) {
      const box = (await visit.page.locator(part).first().boundingBox())!;
      expect(box.y, part).toBeGreaterThan(0);
      expect(box.y + box.height, part).toBeLessThanOrEqual(height);
    }
    await visit.leave();
  });

  test.each([
    [1440, 900],
    [1280, 800],
    [1100, 800],
    [820, 1180],
    [768, 1024],
  ])('%i by %i: a pair is on the first screen, below messages too', async (width, height) => {
    const visit = await site.visit(
      `${RUN}&b.run=scattered-delete&b.set.keys=5000&b.set.order=sequential&set.nothing=1`,
      { viewport: { width, height } },
    );
    await visit.settled();
    const { page } = visit;
    await page.locator('.messages li').waitFor();
    for (const part of ['.pair-answer', '.strip', '.difference .stack', '.timeline', '.pair-over-time']) {
      const boxes = await page.locator(part).all();
      for (const box of await Promise.all(boxes.map((each) => each.boundingBox()))) {
        expect(box!.y + box!.height, part).toBeLessThanOrEqual(height);
        expect(box!.x + box!.width, part).toBeLessThanOrEqual(width);
      }
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const cut = page.locator('.run-title, .pair-title, .ramp');
    expect(
      await cut.evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth).length),
    ).toBe(0);
    await page.getByRole('button', { name: 'Close the second run' }).click();
    await page.locator('.is-pair').waitFor({ state: 'detached' });
    const area = (await page.locator('.area').first().boundingBox())!;
    expect(area.y + area.height).toBeLessThanOrEqual(height);
    await visit.leave();
  });

  test('the map stays where it is while time goes on', async () => {
    const visit = await site.visit(RUN);
    await visit.settled();
    const { page } = visit;
    await page.getByRole('slider').focus();
    const places = new Set<string>();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'PageDown', 'End']) {
      await page.keyboard.press(key);
      places.add(JSON.stringify(await page.locator('.pane .stack').first().boundingBox()));
    }
    // A filter adds a control to the bar above the map, and no line.
    await page.getByRole('button', { name: /^Pinned/ }).click();
    await page.getByRole('button', { name: 'Clear filters' }).waitFor();
    places.add(JSON.stringify(await page.locator('.pane .stack').first().boundingBox()));
    expect(places.size).toBe(1);
    await visit.leave();
  });
});

test.each(['#run=value-drift&set.keys=5000', '#run=ttl-storm&set.keys=5000'])(
  'the strip adds up to resident, in every sweep and as it is printed: %s',
  async (link) => {
    const visit = await site.visit(link);
    await visit.settled();
    const { page } = visit;
    await page.getByRole('slider').focus();
    for (const key of ['Home', ...Array<string>(8).fill('PageUp'), 'End']) {
      await page.keyboard.press(key);
      const tenths = (text: string) => {
        const [, amount, unit] = /([\d.]+) (\w+)$/.exec(text.trim())!;
        return unit === 'MiB' ? Math.round(Number(amount) * 10) : null;
      };
      const texts = await page.locator('.parts .part-name b').allInnerTexts();
      const all = texts.map(tenths);
      if (all.slice(0, 4).includes(null)) continue;
      expect(all[0]! + all[1]! + all[2]! + all[3]!, texts.join()).toBe(all[5]);
    }
    const [bars, sum] = await page.evaluate(() => {
      const grows = [...document.querySelectorAll<HTMLElement>('.strip > *')];
      const shown = grows.map(({ style }) => Number(style.flexGrow));
      const { recordings } = (
        globalThis as unknown as {
          slablab: {
            recordings: {
              get(): { recording: { frames: { snapshot: { memory: Record<string, number> } }[] } }[];
            };
          };
        }
      ).slablab;
      const { memory } = recordings.get()[0]!.recording.frames.at(-1)!.snapshot;
      return [shown.reduce((all, each) => all + each, 0), memory.peakResident];
    });
    // A style keeps six digits of a number.
    expect(bars! / sum!).toBeCloseTo(1, 4);
    await visit.leave();
  },
);

test('the page is held to its own files by its policy, and nothing on it violates that', async () => {
  const visit = await site.visit(RUN);
  const { page } = visit;
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.reload();
  await visit.settled();
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toContain('unsafe-inline');
  await page.locator('.figures > summary').click();
  const bar = page.locator('.classes .bar').first();
  expect(await bar.evaluate((element) => element.clientWidth)).toBeGreaterThan(10);
  const refused = await page.evaluate(() =>
    fetch('https://example.org/').then(
      () => 'sent',
      () => 'refused',
    ),
  );
  expect(refused).toBe('refused');
  expect(errors.filter((text) => !text.includes('example.org'))).toEqual([]);
  await visit.leave();
});
