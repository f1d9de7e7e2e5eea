/** The engine in a web worker of a real browser gives what it gives in Node. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { HOOK_MODES } from '#slablab/src/engine/index.js';
import { Kind } from '#slablab/src/stream/index.js';
import { chunkOf, type Words, withEngine } from '../engine/streams.js';
import { launchBrowser, newPage } from './support/browser.js';

const root = fileURLToPath(new URL('page/', import.meta.url));
let outDir: string;
let server: PreviewServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'slablab-page-'));
  await build({
    root,
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true },
  });
  await copyFile(
    fileURLToPath(new URL('../../wasm/build/q3.wasm', import.meta.url)),
    join(outDir, 'q3.wasm'),
  );
  server = await preview({
    root,
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  });
  browser = await launchBrowser();
  page = await newPage(browser);
  await page.goto(server.resolvedUrls!.local[0]!);
  await page.waitForFunction('globalThis.replayRows !== undefined');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(outDir, { recursive: true, force: true });
});

function inBrowser(options: object, rows: readonly Words[]): Promise<string> {
  return page.evaluate(
    ([given, operations]) =>
      (globalThis as unknown as { replayRows(o: object, r: unknown): Promise<string> }).replayRows(
        given as object,
        operations,
      ),
    [options, rows] as const,
  );
}

test.each(HOOK_MODES)('the same snapshots as in Node, hooks %s', async (hooks) => {
  const random = new Random(3);
  const rows: Words[] = [];
  for (let h = 0; h < 5000; h++) rows.push([Kind.malloc, h, 1 + random.below(4000)]);
  rows.push([Kind.mark], [Kind.sweep, 0, 0]);
  for (let h = 0; h < 5000; h += 2) rows.push([Kind.free, h]);
  rows.push([Kind.sweep, 0, 1]);
  const boot = { build: 'q3', conf: 'dirty_decay_ms:0', hooks };
  const inNode = await withEngine(boot, async (engine) =>
    JSON.stringify({ info: engine.info, snapshots: await engine.replay(chunkOf(rows)) }),
  );
  expect(await inBrowser(boot, rows)).toBe(inNode);
});

test('errors arrive with their name and position', async () => {
  const rows: Words[] = [
    [Kind.malloc, 1, 8],
    [Kind.free, 1],
    [Kind.free, 1],
  ];
  expect(JSON.parse(await inBrowser({ build: 'q3', conf: '', hooks: 'complete' }, rows))).toMatchObject({
    name: 'StreamError',
    position: 2,
  });
});

test('a configuration that jemalloc refuses is refused here too', async () => {
  const message = await page.evaluate(async () => {
    type Open = (options: object) => Promise<{ survey(phase: number): Promise<unknown> }>;
    const { openEngine } = globalThis as unknown as { openEngine: Open };
    return openEngine({ build: 'q3', conf: 'tcache:maybe', hooks: 'complete' }).then(
      () => 'opened',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  });
  expect(message).toMatch(/^BootError: conf 'tcache:maybe': jemalloc says "Invalid conf value/);
});
