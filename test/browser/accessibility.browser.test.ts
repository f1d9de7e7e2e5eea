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

test.each([
  ['light', 1280],
  ['dark', 390],
] as const)('%s, %i pixels wide', async (colorScheme, width) => {
  const visit = await site.visit('#run=scattered-delete&set.keys=2000&colour=red', {
    colorScheme,
    viewport: { width, height: 844 },
  });
  await visit.settled();
  await visit.page.locator('details').evaluateAll((all) => {
    for (const details of all as HTMLDetailsElement[]) details.open = true;
  });
  await visit.page.evaluate(axe);
  const violations = await visit.page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const found = await axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  expect(violations).toEqual([]);
  await visit.leave();
});
