/** What axe finds on the page, in both schemes and on a phone, with every panel open. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './support/page.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let site: Site;
let axe: string;
beforeAll(async () => {
  axe = await readFile(AXE, 'utf8');
  site = await openSite();
});
afterAll(() => site.close());

const ONE = '#run=scattered-delete&set.keys=2000&colour=red';
/** Coloured by owner, with a slab in the panel and another run beside it. */
const TWO =
  '#run=scattered-delete&set.keys=2000&owners=yes&b.run=scattered-delete&b.set.keys=2000&b.set.order=sequential' +
  '&b.owners=yes&view.colour=owner';

const SWEEP = '#run=scattered-delete&set.keys=1000&axis.dirty_decay_ms=0,-1&axis.order=odd,sequential';

/** Texts that are no recording, and that a server printed. */
const given = (name: string, content: string) => (page: Page) =>
  page
    .locator('input[type=file]')
    .first()
    .setInputFiles([{ name, mimeType: '', buffer: Buffer.from(content) }]);
const INFO = ['redis_version:7.2.4', '# Memory', 'used_memory:52428800', 'used_memory_rss:115343360'].join(
  '\r\n',
);

/** States besides a run that has ended, and how a reader comes to them. */
const STATES: Readonly<
  Record<string, { readonly enter: (page: Page) => Promise<void>; readonly sign: string }>
> = {
  'a bad file': { enter: given('bad.slabs', 'text'), sign: '.messages .error' },
  'an explanation': { enter: given('info.txt', INFO), sign: '.explain .sentence' },
  'the drawer': { enter: (page) => page.locator('.run-name').click(), sign: 'dialog.drawer[open]' },
  'the sheet of a slab': {
    enter: async (page) => {
      await page.locator('canvas.over').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    },
    sign: '.detail .life',
  },
  'nothing shown': {
    enter: async (page) => {
      await page.evaluate(() => {
        location.hash = '#open=missing.slabs';
      });
      await page.reload();
    },
    sign: '.placeholder .primary',
  },
  'a run that goes on': {
    enter: async (page) => {
      await page.evaluate(() => {
        location.hash = '#run=scattered-small&set.keys=20000000';
      });
    },
    sign: '.progress button',
  },
  'a sweep that is cancelled': {
    enter: async (page) => {
      await page.evaluate(() => {
        location.hash =
          '#run=scattered-delete&set.keys=100000&axis.dirty_decay_ms=0,-1&axis.order=odd,random';
      });
      await page.locator('.atlas').getByRole('button', { name: 'Cancel' }).click();
    },
    sign: '.atlas .progress-text:has-text("cancelled")',
  },
};

test.each(
  Object.keys(STATES).flatMap((name) => [[name, 'light', 1280] as const, [name, 'dark', 390] as const]),
)('%s, %s, %i pixels wide', async (name, colorScheme, width) => {
  const visit = await site.visit(ONE, {
    colorScheme,
    viewport: { width, height: 844 },
    hasTouch: width < 500,
  });
  const { page } = visit;
  await visit.settled();
  const { enter, sign } = STATES[name]!;
  await enter(page);
  await page.locator(sign).first().waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await visit.leave();
});

test.each([
  ['one run', ONE, 'light', 1280],
  ['one run', ONE, 'dark', 390],
  ['two runs', TWO, 'light', 1440],
  ['two runs', TWO, 'dark', 1440],
  ['a sweep', SWEEP, 'light', 1280],
  ['a sweep', SWEEP, 'dark', 390],
] as const)('%s, %s, %s, %i pixels wide', async (_, link, colorScheme, width) => {
  const visit = await site.visit(link, { colorScheme, viewport: { width, height: 844 } });
  const { page } = visit;
  await visit.settled();
  if (link === SWEEP) await page.getByText('4 of 4 cells').waitFor();
  if (link === TWO) {
    await page.locator('canvas.over').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Chosen slab' }).getByText('Who lives there').first().waitFor();
  }
  await page.locator('details').evaluateAll((all) => {
    for (const details of all as HTMLDetailsElement[]) details.open = true;
  });
  expect(await violationsOn(page)).toEqual([]);
  await visit.leave();
});

async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const found = await axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
