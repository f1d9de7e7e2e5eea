/** The lab on the built page: what it runs, what it is given, and what goes wrong with it. */

import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '#slablab/src/run/run-result.js';
import { slablab } from '../support/cli.js';
import { withoutTiming } from '../support/without-timing.js';
import { openForm, openSite, type Site, type Visit } from './support/page.js';

const FIXTURES = fileURLToPath(new URL('../input/fixtures/', import.meta.url));

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** Small enough to be over at once, in a phase of its own for each sweep. */
const SMALL = '#run=scattered-delete&set.keys=2000&sweep-every=0';

function resultOn(page: Page, side = 0): Promise<RunResult> {
  return page.evaluate((at) => {
    const { slablab: page } = globalThis as unknown as {
      slablab: { recordings: { get(): { recording: { result: unknown } }[] } };
    };
    return page.recordings.get()[at]?.recording.result;
  }, side) as Promise<RunResult>;
}

function messagesOn(page: Page): Promise<string[]> {
  return page.locator('.messages li').allInnerTexts();
}

async function onCommandLine(...args: string[]): Promise<RunResult> {
  const { stdout } = await slablab(['run', ...args, '--json']);
  return withoutTiming(JSON.parse(stdout) as RunResult) as RunResult;
}

describe('a run on the page is the run of the command line, byte for byte', () => {
  test.each([
    [
      '#run=scattered-delete&set.keys=5000&sweep-every=7000',
      ['scattered-delete', '--set', 'keys=5000', '--sweep-every', '7000', '--owners'],
    ],
    [
      '#run=encoding-cliff&set.hashes=20&server=valkey-8.0&build=q4&conf=dirty_decay_ms:0&hooks=refill&sweep-every=0',
      [
        'encoding-cliff',
        '--set',
        'hashes=20',
        '--server',
        'valkey-8.0',
        '--build',
        'q4',
        '--conf',
        'dirty_decay_ms:0',
        '--hooks',
        'refill',
        '--owners',
      ],
    ],
    [
      '#run=queue-drain&set.queues=10&set.items=50&owners=no&sweep-every=0',
      ['queue-drain', '--set', 'queues=10', '--set', 'items=50'],
    ],
    ['#run=storm-crd&set.tests=2&sweep-every=0', ['storm-crd', '--set', 'tests=2', '--owners']],
  ])('%s', async (hash, args) => {
    const visit = await site.visit(hash);
    await visit.settled();
    const onPage = withoutTiming(await resultOn(visit.page));
    expect(JSON.stringify(onPage)).toBe(JSON.stringify(await onCommandLine(...args)));
    await visit.leave();
  });

  test('a file too, and its notes are shown', async () => {
    const file = `${FIXTURES}types.rdb`;
    const visit = await site.visit(SMALL);
    await visit.settled();
    await visit.page.setInputFiles('input[type=file]', file);
    // It is looked at first, and nothing runs meanwhile.
    await expect
      .poll(async () => {
        await visit.settled();
        const result: RunResult | null | undefined = await resultOn(visit.page);
        return result?.workload;
      })
      .toBe('types.rdb');
    const { phases } = await resultOn(visit.page);
    const inNode = await onCommandLine(file, '--sweep-every', '100000', '--owners');
    expect(JSON.stringify(phases)).toBe(JSON.stringify(inNode.phases));
    expect((await messagesOn(visit.page)).join('\n')).toContain('keys loaded');
    await visit.leave();
  });
});

describe('links', () => {
  test('what is run by hand is in the address, and a reload runs it again', async () => {
    const visit = await site.visit(SMALL);
    const { page } = visit;
    await visit.settled();
    await openForm(page);
    await page.getByLabel('keys', { exact: true }).fill('3000');
    await page.getByLabel('Configuration').fill('dirty_decay_ms:0');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await visit.settled();
    const before = withoutTiming(await resultOn(page));
    expect(before).toMatchObject({ parameters: { keys: 3000 }, conf: 'dirty_decay_ms:0' });
    await page.waitForURL(/#run=scattered-delete&set.keys=3000&conf=dirty_decay_ms:0&sweep-every=0/);
    await page.reload();
    await visit.settled();
    expect(withoutTiming(await resultOn(page))).toEqual(before);
    await visit.leave();
  });

  test('two runs side by side', async () => {
    const visit = await site.visit(
      `${SMALL}&b.run=scattered-delete&b.set.keys=2000&b.set.order=sequential&b.sweep-every=0`,
    );
    await visit.settled();
    expect((await resultOn(visit.page, 0)).parameters.order).toBe('odd');
    expect((await resultOn(visit.page, 1)).parameters.order).toBe('sequential');
    await visit.leave();
  });

  test('what a link has that means nothing is named, and the rest holds', async () => {
    const visit = await site.visit(
      `${SMALL}&set.kyes=5&colour=red&set.drop=7&view.order=sideways&server=redis-9&build=q9`,
    );
    await visit.settled();
    const [message = ''] = await messagesOn(visit.page);
    for (const part of [
      'set.kyes=5',
      'colour=red',
      'set.drop=7',
      'view.order=sideways',
      'server=redis-9',
      'build=q9',
    ]) {
      expect(message).toContain(part);
    }
    expect((await resultOn(visit.page)).parameters).toMatchObject({ keys: 2000, drop: 0.5 });
    await visit.leave();
  });
});

test('the licences of its code are one link away', async () => {
  const visit = await site.visit(SMALL);
  await visit.page.getByRole('link', { name: 'Licences' }).click();
  await visit.page.getByText('Jason Evans').waitFor();
  expect(await visit.page.locator('body').innerText()).toMatch(/^comlink \d/m);
  await visit.leave();
});

describe('files that are not what they should be', () => {
  let visit: Visit;
  beforeAll(async () => {
    ({ visit } = await settledVisit());
  });
  // One page for all of them: it goes on working.
  afterAll(async () => {
    await stillWorks(visit.page, visit.settled);
    await visit.leave();
  });

  test.each([
    ['nothing.rdb', '', 'nothing.rdb: not an input for Redis: it is empty'],
    ['strange.bin', '\x00\x01\x02', 'strange.bin: not an input for Redis: it starts with'],
    ['cut.resp', '*2\r\n$3\r\nSET\r\n$1', 'cut.resp: byte 15: the input ends inside the command'],
    ['newer.rdb', 'REDIS9999', 'RDB version REDIS9999'],
    ['cut.ops', '\x89ops\r\n\x1a\n\x01\x00', 'cut.ops: byte 10: truncated in the header'],
    ['wrong.json', '{"keys": {', 'wrong.json: line 1: not JSON'],
    ['sweep.json', '{"schema": "slablab.sweep/1"}', 'sweep.json: results of several runs'],
    ['next.json', '{"schema": "slablab.run/9"}', 'next.json: is of version `slablab.run/9`'],
    [
      'of-file.json',
      '{"schema": "slablab.run/1", "workload": "dump.rdb", "phases": []}',
      'give the recording',
    ],
  ])('%s', async (name, content, message) => {
    const { page } = visit;
    await page.setInputFiles('input[type=file]', {
      name,
      mimeType: '',
      buffer: Buffer.from(content, 'latin1'),
    });
    await page.locator('.messages li.error', { hasText: name }).waitFor();
    expect((await messagesOn(page)).join('\n')).toContain(message);
  });

  test('a result has no map, so its experiment runs again', async () => {
    const { page } = visit;
    const { stdout } = await slablab([
      'run',
      'scattered-delete',
      '--set',
      'keys=1000',
      '--conf',
      'narenas:1',
      '--json',
    ]);
    await page.setInputFiles('input[type=file]', {
      name: 'old.json',
      mimeType: '',
      buffer: Buffer.from(stdout),
    });
    await page.waitForURL(/set\.keys=1000/);
    await visit.settled();
    expect(await resultOn(page)).toMatchObject({ parameters: { keys: 1000 }, conf: 'narenas:1' });
    expect((await messagesOn(page)).join()).toContain('old.json has figures, but not where the slabs lie');
  });
});

describe('what does not go well', () => {
  test("jemalloc's refusal of a configuration is shown where it was written", async () => {
    const { visit, page } = await settledVisit();
    await openForm(page);
    await page.getByLabel('Configuration').fill('dirty_decay=5');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const problem = page.locator('.field:has-text("Configuration") .error');
    await problem.filter({ hasText: 'dirty_decay_ms' }).waitFor();
    expect(await page.getByLabel('Configuration').getAttribute('aria-invalid')).toBe('true');
    await stillWorks(page, visit.settled);
    await visit.leave();
  });

  test('a value out of range is blamed before anything runs', async () => {
    const { visit, page } = await settledVisit();
    await openForm(page);
    await page.getByLabel('drop', { exact: true }).fill('2');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    expect(await page.locator('.field:has-text("drop") .error').first().textContent()).toBe(
      'must be: number, 0 to 1',
    );
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    await visit.leave();
  });

  test('cancelled half-way, the page goes on', async () => {
    const visit = await site.visit('#run=scattered-small&set.keys=20000000');
    const { page } = visit;
    await page.locator('.progress-text', { hasText: '%' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await visit.settled();
    expect((await messagesOn(page)).join()).toContain('scattered-small: cancelled');
    await page.evaluate((hash) => location.assign(hash), SMALL);
    await stillWorks(page, visit.settled);
    await visit.leave();
  });

  test('a worker that dies is reported and replaced', async () => {
    const visit = await site.visit('#run=scattered-small&set.keys=20000000', { init: keepWorkers });
    const { page } = visit;
    await page.locator('.progress-text', { hasText: '%' }).waitFor();
    // As when the browser ends it: nobody is told.
    await page.evaluate(() => (globalThis as unknown as { workers: Worker[] }).workers.at(-1)?.terminate());
    await page.locator('.messages li.error').waitFor();
    expect((await messagesOn(page)).join()).toContain('worker died');
    await page.evaluate((hash) => location.assign(hash), SMALL);
    await stillWorks(page, visit.settled);
    await visit.leave();
  });
});

/** Runs in the page, before its own scripts. A worker gets its lock late, as on a busy machine. */
function keepWorkers(): void {
  const workers: Worker[] = [];
  const late = () => new Promise((resolve) => setTimeout(resolve, 500));
  Object.assign(globalThis, {
    workers,
    Worker: class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        void navigator.locks.request(options?.name ?? '', late);
        super(url, options);
        workers.push(this);
      }
    },
  });
}

async function settledVisit() {
  const visit = await site.visit(SMALL);
  await visit.settled();
  return { visit, page: visit.page };
}

/** Another run, to its end. */
async function stillWorks(page: Page, settled: () => Promise<void>): Promise<void> {
  if (!(await page.locator('dialog.drawer').isVisible())) await openForm(page);
  await page.getByLabel('Workload').selectOption('scattered-delete');
  await page.getByLabel('keys', { exact: true }).fill('1500');
  await page.getByLabel('Configuration').fill('');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await settled();
  expect((await resultOn(page)).parameters.keys).toBe(1500);
}
