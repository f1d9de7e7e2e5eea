/** Remedies on the built page: each runs beside the shown run, and its button then has what it gave back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './support/page.js';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('a remedy runs as whatif does, is measured, and is in the link', async () => {
  const visit = await site.visit('#run=scattered-delete&set.keys=3000', { reducedMotion: 'reduce' });
  const { page } = visit;
  await visit.settled();
  await page.getByRole('button', { name: /^All \d+ remedies$/ }).click();
  for (const [name, step] of [
    ['Delete the rest of key:*', 'then.1=unlink+key:*&b.then.2=purge'],
    ['Active defragmentation', 'then.1=activedefrag&b.then.2=purge'],
    ['Restart', 'then.1=restart'],
    ['Upgrade to', 'then.1=server+'],
  ] as const) {
    await page.getByRole('button', { name: new RegExp(`^${name.replace('*', '\\*')}`) }).click();
    await page.waitForFunction((part) => decodeURIComponent(location.hash).includes(part), step);
    await visit.settled();
    await page.locator('.is-pair').waitFor();
    expect(await page.locator('.messages .error').count(), name).toBe(0);
    await page.getByRole('button', { name: 'Close the second run' }).click();
    const figure = page
      .getByRole('button', { name: new RegExp(`^${name.replace('*', '\\*')}`) })
      .locator('.is-measured');
    expect(await figure.innerText()).toMatch(/^[−+][\d.]+ [KM]iB$/);
  }
  // A step that is none is named, and the rest of the link is shown.
  await page.goto(`${site.url}#run=scattered-delete&set.keys=3000&then.1=explode`);
  await page.getByText('`explode` is not a step').waitFor();
  await visit.leave();
});

test('the panel of a slab offers the remedy of its owner, and all slabs that the owner is in', async () => {
  const visit = await site.visit('#run=scattered-delete&set.keys=3000', { reducedMotion: 'reduce' });
  const { page } = visit;
  await visit.settled();
  await page.locator('canvas.over').first().focus();
  // Zoomed in, the middle of the map is a slab of values.
  for (const key of ['+', '+', '+', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  const panel = page.getByRole('region', { name: 'Chosen slab' });
  const remedy = panel.getByRole('button', { name: /^Delete the rest of key:\*/ });
  const listed = page.locator('.remedies .remedy', { hasText: 'Delete the rest of key:*' });
  expect(await remedy.locator('.remedy-figure').innerText()).toMatch(/^about −/);
  // The panel takes the place of the list, whose texts stay.
  expect(await remedy.textContent()).toBe(await listed.textContent());
  expect(await panel.locator('.region-picture text').allTextContents()).toContain('free');
  await panel.getByRole('button', { name: 'Show all slabs with key:*' }).click();
  await page.waitForURL(/view\.owners=/);
  await remedy.click();
  await page.locator('.is-pair').waitFor();
  await visit.settled();
  expect(await page.locator('.messages .error').count()).toBe(0);
  expect(decodeURIComponent(await page.evaluate(() => location.href))).toContain('then.1=unlink+key:*');
  await visit.leave();
});
