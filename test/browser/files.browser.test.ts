/** Recordings and files of commands that a reader gives the page: chosen, dropped, and lying beside it on its host. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { slablab } from '../support/cli.js';
import { writeBurst } from '../support/program-trace.js';
import { openSite, type Site, type Visit } from './support/page.js';

const FIXTURES = fileURLToPath(new URL('../input/fixtures/', import.meta.url));

let directory: string;
let file: string;
let bytes: Buffer;
let site: Site;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slablab-files-'));
  const { stderr } = await slablab([
    ...['run', 'scattered-delete', '--set', 'keys=2000', '--sweep-every', '2000'],
    ...['--owners', '--regions', '--out', directory],
  ]);
  file = join(directory, 'scattered-delete-q3.slabs');
  bytes = await readFile(file).catch(() => {
    throw new Error(stderr);
  });
  site = await openSite({
    name: basename(file),
    open: async function* () {
      yield bytes;
    },
  });
});
afterAll(async () => {
  await site?.close();
  await rm(directory, { recursive: true });
});

let visit: Visit;
let page: Page;
beforeEach(async () => {
  visit = await site.visit('#run=scattered-delete&set.keys=1000&sweep-every=0', { reducedMotion: 'reduce' });
  page = visit.page;
  await visit.settled();
});
afterEach(() => visit.leave());

type Global = {
  readonly slablab: {
    readonly recordings: {
      get(): readonly {
        readonly title: string;
        readonly isGrowing: boolean;
        readonly recording: {
          readonly frames: readonly {
            readonly phase: string;
            readonly owners: { readonly names: readonly string[] } | null;
            readonly snapshot: { readonly regions: unknown };
          }[];
          readonly result: { readonly workload: string } | null;
        };
      }[];
    };
  };
};

/** What the page shows, once it is of that title and whole. */
async function shown(title: string) {
  await page.waitForFunction((name) => {
    const [first] = (globalThis as unknown as Global).slablab.recordings.get();
    return first?.title === name && !first.isGrowing;
  }, title);
  return page.evaluate(() => {
    const { frames, result } = (globalThis as unknown as Global).slablab.recordings.get()[0]!.recording;
    return {
      phases: frames.map(({ phase }) => phase),
      owners: frames.at(-1)?.owners?.names ?? null,
      hasRegions: frames.every(({ snapshot }) => snapshot.regions !== null),
      workload: result?.workload ?? null,
    };
  });
}

/** As from a file manager: the browser itself makes the event. */
async function drop(...paths: readonly string[]): Promise<void> {
  const session = await visit.context.newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
  await session.detach();
}

const choose = (path: string | { name: string; mimeType: string; buffer: Buffer }) =>
  page.locator('input[type=file]').first().setInputFiles(path);

const said = (text: string) => page.locator('.messages li', { hasText: text }).waitFor();

async function expectWhole(title: string): Promise<void> {
  const { phases, owners, hasRegions, workload } = await shown(title);
  expect(phases).toEqual(expect.arrayContaining(['populated', 'sweep-1', 'deleted']));
  expect(phases.at(-1)).toBe('deleted');
  expect(owners?.join()).toContain('key');
  expect(hasRegions).toBe(true);
  expect(workload).toBe('scattered-delete');
  expect(await page.locator('.owners-table').textContent()).toContain('key');
}

test('a recording that is chosen is shown, owners and all', async () => {
  await choose(file);
  await expectWhole(basename(file));
});

test('one that is dropped, and after it one that is cut short, to its last whole sweep', async () => {
  await drop(file);
  await expectWhole(basename(file));
  const cut = join(directory, 'cut.slabs');
  await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
  await drop(cut);
  await said('the file was cut short');
  const { phases, workload } = await shown('cut.slabs');
  expect(phases.length).toBeGreaterThan(0);
  expect(phases).not.toContain('deleted');
  expect(workload).toBeNull();
});

test('one that lies beside the page on its host, by a link and after a reload', async () => {
  await page.goto(`${site.url}#open=${basename(file)}`);
  await expectWhole(basename(file));
  await page.locator('.feed', { hasText: 'the run has ended' }).waitFor();
  await page.reload();
  await shown(basename(file));
  await page.goto(`${site.url}#open=missing.slabs`);
  await said("the page's host answers 404");
});

test('one of a newer version, and what only has the name: a message, and what was shown stays', async () => {
  const newer = Buffer.from(bytes);
  newer.writeUInt32LE(2, 8);
  await choose({ name: 'newer.slabs', mimeType: '', buffer: newer });
  await said('newer.slabs: byte 8: recording (.slabs) of version 2; this slablab reads version 1: update it');
  await choose({ name: 'not.slabs', mimeType: '', buffer: Buffer.from('{"schema": "slablab.run/1"}') });
  await said('not.slabs: byte 0: not a recording (.slabs)');
  await choose({ name: 'header.slabs', mimeType: '', buffer: bytes.subarray(0, 40) });
  await said('header.slabs: byte 12: record 0');
  expect(await page.locator('.run-title').first().textContent()).toContain('scattered-delete');
});

test('an RDB file that is dropped is run, and so is an appendonlydir', async () => {
  await drop(`${FIXTURES}types.rdb`);
  expect((await shown('types.rdb')).workload).toBe('types.rdb');
  await said('types.rdb: 1 function library: its source is counted');
  await drop(`${FIXTURES}appendonlydir`);
  const { workload, phases } = await shown('appendonlydir/appendonly.aof.manifest');
  expect(workload).toContain('appendonly');
  expect(phases).toContain('end');
});

test('what is dropped from a program that has it in no file', async () => {
  const transfer = await page.evaluateHandle((base64) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'made.slabs'));
    return data;
  }, bytes.toString('base64'));
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expectWhole('made.slabs');
});

test('the files of an appendonlydir that are chosen together are run', async () => {
  const inside = `${FIXTURES}appendonlydir/`;
  const names = await readdir(inside);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(names.map((name) => `${inside}${name}`));
  expect((await shown('appendonly.aof.manifest')).phases).toContain('end');
});

test('two recordings that are chosen together stand side by side', async () => {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([
      { name: 'a.slabs', mimeType: '', buffer: bytes },
      { name: 'b.slabs', mimeType: '', buffer: bytes },
    ]);
  await page.locator('.side').nth(1).waitFor();
  expect(await page.locator('.run-title').allTextContents()).toEqual([
    'A a.slabs at deleted',
    'B b.slabs at deleted',
  ]);
});

test('the trace of a program: call sites as owners, its own allocator, and remedies that a program has', async () => {
  const trace = join(directory, 'burst.ops');
  await writeBurst(trace, 20_000);
  await page.locator('input[type="file"]').first().setInputFiles([trace]);
  await page.getByText('burst.ops is the trace of node app.js, with build q4 and narenas:8').waitFor();
  await visit.settled();
  await page.getByRole('button', { name: 'cache_put at cache.c:40' }).waitFor();
  expect(await page.locator('.verdict .sentence').innerText()).toContain(
    'The surviving regions of cache_put at cache.c:40 pin it.',
  );
  const remedies = await page.locator('.remedies b').allInnerTexts();
  expect(remedies).toEqual([
    'Free what is left of cache_put at cache.c:40',
    'No decay',
    'One arena',
    'No thread caches',
  ]);
  await page.getByRole('button', { name: /^One arena/ }).click();
  await page.locator('.is-pair').waitFor();
  await visit.settled();
  expect(await page.locator('.messages .error').count()).toBe(0);
});

test('two traces of programs that are chosen together run, and stand side by side', async () => {
  const traces = ['small.ops', 'large.ops'].map((name) => join(directory, name));
  await writeBurst(traces[0]!, 2000);
  await writeBurst(traces[1]!, 8000);
  await page.locator('input[type="file"]').first().setInputFiles(traces);
  await page.locator('.is-pair .run-title', { hasText: 'B large.ops at end' }).waitFor();
  await visit.settled();
  expect(await page.locator('.run-title').allTextContents()).toEqual([
    'A small.ops at end',
    'B large.ops at end',
  ]);
  expect(await page.locator('.pair-answer .sentence').innerText()).toMatch(/^A pins .* less than B\./);
  expect(await page.locator('.messages').innerText()).not.toMatch(/Error|cancelled/);
});
