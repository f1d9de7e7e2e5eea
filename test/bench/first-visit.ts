/**
 * What a first visit to the page takes: time until a map is drawn, and bytes that are loaded for it. Each lap is a
 * browser of its own, which has neither seen the page nor compiled anything of it.
 */
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { PageServer } from '../../src/serve/page/page-server.js';
import { median, row } from './measured.js';

const LAPS = 7;
const TARGET_MS = 3000;
const TARGET_BYTES = 600_000;

export interface FirstVisit {
  readonly laps: number;
  /** Medians, from opening the page on: the first map of scattered-delete, at its defaults, and that of its end. */
  readonly firstMapMs: number;
  readonly lastMapMs: number;
  readonly targetMs: number;
  /** Page, styles, scripts and one build of WebAssembly, as a host that compresses sends them. */
  readonly bytes: number;
  readonly targetBytes: number;
}

interface Lap {
  readonly firstMapMs: number;
  readonly lastMapMs: number;
  readonly bytes: number;
}

export async function firstVisit(): Promise<FirstVisit> {
  const server = await PageServer.open(0);
  const laps: Lap[] = [];
  try {
    while (laps.length < LAPS) laps.push(await lap(server.url));
  } finally {
    await server.close();
  }
  const of = (name: keyof Lap) => median(laps.map((each) => each[name]));
  const visit = {
    laps: LAPS,
    firstMapMs: of('firstMapMs'),
    lastMapMs: of('lastMapMs'),
    targetMs: TARGET_MS,
    bytes: of('bytes'),
    targetBytes: TARGET_BYTES,
  };
  print(visit);
  return visit;
}

function print({ firstMapMs, lastMapMs, targetMs, bytes, targetBytes }: FirstVisit): void {
  console.log(
    `\na first visit to the page: scattered-delete at its defaults (median of ${LAPS} new browsers)`,
  );
  console.log(row(['', 'target', '']));
  console.log(row(['until the first map, ms', String(targetMs), firstMapMs.toFixed(0)]));
  console.log(row(['until the run has ended, ms', '', lastMapMs.toFixed(0)]));
  console.log(row(['KB compressed', kilobytes(targetBytes), kilobytes(bytes)]));
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

async function lap(url: string): Promise<Lap> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    return await visitWith(browser, url);
  } finally {
    await browser.close();
  }
}

async function visitWith(browser: Browser, url: string): Promise<Lap> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const loaded: Promise<Buffer>[] = [];
  context.on('response', (response) => {
    if (response.url().startsWith(url)) loaded.push(response.body());
  });
  const page = await context.newPage();
  await page.goto(url);
  const { firstMapMs, lastMapMs } = await page.evaluate(async () => {
    type Stores = {
      readonly recordings: { get(): readonly { readonly recording: { readonly result: unknown } }[] };
    };
    const next = () => new Promise((done) => requestAnimationFrame(done));
    const isDrawn = () => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.cells');
      const context = canvas?.getContext('2d');
      if (!canvas?.width || !canvas.height || !context) return false;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(data.buffer).some((pixel) => pixel !== 0);
    };
    const isOver = () => {
      const { slablab } = globalThis as unknown as { slablab?: Stores };
      return slablab?.recordings.get()[0]?.recording.result != null;
    };
    // From where the browser began to open the page.
    while (!isDrawn()) await next();
    const firstMapMs = performance.now();
    while (!isOver()) await next();
    await next();
    isDrawn();
    return { firstMapMs, lastMapMs: performance.now() };
  });
  const bodies = await Promise.all(loaded);
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  return { firstMapMs, lastMapMs, bytes };
}
