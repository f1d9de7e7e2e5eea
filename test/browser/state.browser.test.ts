/** One subject on the page: what its head, its form, its address and its map say is the same, whatever came before. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { openForm, openSite, type Site, type Visit } from './support/page.js';

const RUN = '#run=scattered-delete&set.keys=2000&sweep-every=0';
const RDB = fileURLToPath(new URL('../input/fixtures/types.rdb', import.meta.url));

let site: Site;
let directory: string;
let recording: string;
let visit: Visit;
beforeAll(async () => {
  site = await openSite();
  directory = await mkdtemp(join(tmpdir(), 'slablab-state-'));
  await slablab(['run', 'value-drift', '--set', 'keys=2000', '--quiet', '--out', directory]);
  recording = join(directory, 'value-drift-q3.slabs');
});
afterAll(async () => {
  await site.close();
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  visit = await site.visit(RUN);
  await visit.settled();
});
afterEach(() => visit.leave());

interface Handle {
  readonly slablab: {
    readonly recordings: { get(): { readonly title: string }[] };
    readonly view: {
      get(): { readonly selected: number | null; readonly owners: readonly string[] };
      change(part: object): void;
    };
  };
}
const titles = () =>
  visit.page.evaluate(() =>
    (globalThis as unknown as Handle).slablab.recordings.get().map(({ title }) => title),
  );
const choose = (file: string | { name: string; mimeType: string; buffer: Buffer }) =>
  visit.page.locator('input[type=file]').first().setInputFiles(file);

test('a link to one run, followed while two are shown, shows one', async () => {
  const { page } = visit;
  await openForm(page);
  await page.getByRole('button', { name: 'Run beside', exact: true }).click();
  await page.locator('.side').nth(1).waitFor();
  await visit.settled();
  await page.evaluate(() => location.assign('#run=scattered-delete&set.keys=1000'));
  await page.waitForFunction(() => (globalThis as unknown as Handle).slablab.recordings.get().length === 1);
  await visit.settled();
  expect(await page.locator('.side').count()).toBe(1);
  await page.getByLabel('Colour by').selectOption('age');
  await page.waitForURL(/colour=age/);
  expect(await page.evaluate(() => location.href)).not.toContain('b.run');
});

test('a recording that is opened is what head, run line, form and address name', async () => {
  const { page } = visit;
  const name = basename(recording);
  await choose(recording);
  await page.locator('.run-title', { hasText: name }).waitFor();
  expect(await page.locator('.run-name').innerText()).toContain(name);
  await page.waitForURL((url) => url.hash.includes(`file=${name}`));
  await openForm(page);
  expect(await page.locator('.runs').innerText()).toContain(name);
  expect(await page.getByLabel('Workload').inputValue()).toBe('value-drift');
  expect(await page.getByLabel('keys', { exact: true }).inputValue()).toBe('2000');
  await page.reload();
  await page.locator('.messages li', { hasText: `The link is of the file ${name}` }).waitFor();
});

test('a file that fails leaves what is shown, and its name', async () => {
  const { page } = visit;
  await choose({ name: 'empty.rdb', mimeType: '', buffer: Buffer.alloc(0) });
  await page.locator('.messages li.error', { hasText: 'empty.rdb' }).waitFor();
  await visit.settled();
  expect(await titles()).toEqual(['scattered-delete']);
  expect(await page.locator('.run-name').innerText()).toContain('scattered-delete');
  await page.waitForURL(/run=scattered-delete/);
  expect(await page.evaluate(() => location.href)).not.toContain('empty.rdb');
});

test('what was chosen on one subject is forgotten with it', async () => {
  const { page } = visit;
  await page.evaluate(() =>
    (globalThis as unknown as Handle).slablab.view.change({ selected: 200, owners: ['key:*'] }),
  );
  await page.getByRole('region', { name: 'Chosen slab' }).waitFor();
  await choose(RDB);
  await page.locator('.run-title', { hasText: 'types.rdb' }).waitFor();
  const { selected, owners } = await page.evaluate(() =>
    (globalThis as unknown as Handle).slablab.view.get(),
  );
  expect([selected, owners]).toEqual([null, []]);
});

test('from the head of the page one key leads to the map, where Home and End stay', async () => {
  const { page } = visit;
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the map');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('over');
  const said = page.locator('.pane [aria-live]');
  await page.keyboard.press('Home');
  const first = await said.innerText();
  await page.keyboard.press('End');
  expect(await said.innerText()).not.toBe(first);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('a remedy is run beside, and either run can be closed', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: /^All \d+ remedies$/ }).click();
  await page.getByRole('button', { name: /^Delete neighbours instead/ }).click();
  await page.locator('.side').nth(1).waitFor();
  await visit.settled();
  await page.waitForURL(/b\.set\.order=sequential/);
  await page.getByRole('button', { name: 'Close the first run' }).click();
  await page.waitForFunction(() => (globalThis as unknown as Handle).slablab.recordings.get().length === 1);
  expect(await page.locator('.run-title').innerText()).toContain('scattered-delete');
});

test('a map without room, a table on a phone, and the ports of runs', async () => {
  const phone = await site.visit('#run=scattered-delete&set.keys=600', {
    viewport: { width: 390, height: 844 },
    init: () => {
      // Each run has a port of its own, which is closed after it.
      const closed = MessagePort.prototype.close;
      Object.assign(globalThis, { closedPorts: 0 });
      MessagePort.prototype.close = function close() {
        (globalThis as unknown as { closedPorts: number }).closedPorts++;
        closed.call(this);
      };
    },
  });
  const { page } = phone;
  await phone.settled();
  await page.waitForFunction(() => (globalThis as unknown as { closedPorts: number }).closedPorts > 0);
  await page.locator('.figures > summary').click();
  const table = page.locator('.table .table-scroll');
  await table.waitFor();
  expect(
    await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
  ).toBeLessThanOrEqual(0);
  // A capture of a whole page can take away the room of a canvas for a moment.
  await page.evaluate(async () => {
    const stack = document.querySelector<HTMLElement>('.stack')!;
    const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    stack.style.width = '0';
    await frames();
    stack.style.width = '';
    await frames();
  });
  await phone.leave();
});

test('? lists the keys, and / searches owners, unless one types into a field', async () => {
  const visit = await site.visit('#run=scattered-delete&set.keys=500', { reducedMotion: 'reduce' });
  const { page } = visit;
  await visit.settled();
  await page.keyboard.press('?');
  await page.getByText('? opens this text, / searches owners').waitFor();
  await page.keyboard.press('/');
  const search = page.getByLabel('Find an owner');
  await search.evaluate((field) => field === document.activeElement || Promise.reject(new Error('no focus')));
  await page.keyboard.type('key?/');
  expect(await search.inputValue()).toBe('key?/');
  await visit.leave();
});

test('with nothing to show, the page says what one can do, and a first run how far it is', async () => {
  const visit = await site.visit('#open=missing.slabs');
  const { page } = visit;
  await page.locator('.messages .error').waitFor();
  const empty = page.getByRole('region', { name: 'Nothing is shown yet' });
  expect(await empty.innerText()).toMatch(/Choose a workload, or drop a file\.\s+It stays on this machine\./);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    empty.getByRole('button', { name: 'Open a file' }).click(),
  ]);
  expect(chooser.isMultiple()).toBe(true);
  await empty.getByRole('button', { name: 'Choose a workload' }).click();
  await page.locator('dialog.drawer[open]').waitFor();
  await page.getByRole('button', { name: 'Close' }).first().click();
  await page.evaluate(() => location.assign('#run=scattered-small&set.keys=20000000'));
  await page.locator('h1:visible', { hasText: /^Running: / }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await visit.settled();
  await visit.leave();
});
