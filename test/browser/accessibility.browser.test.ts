/** What axe finds on the page, in both schemes and on a phone, with every panel open. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
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
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const found = await axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  expect(violations).toEqual([]);
  await visit.leave();
});
