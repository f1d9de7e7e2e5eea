/**
 * What a first visit to the page takes: time until a map is drawn, and bytes that are loaded for it. Each lap is a
 * browser of its own, which has neither seen the page nor compiled anything of it.
 */
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { PageServer } from '../../src/serve/page/page-server.js';
import type { Goal, Leg, Table } from './leg.js';
import { median } from './measured.js';

const LAPS = 7;
const GOAL_MS = 3000;
const GOAL_KB = 600;

interface FirstVisit {
  readonly laps: number;
  /** Medians, from opening the page on: the first map of scattered-delete, at its defaults, and that of its end. */
  readonly firstMapMs: number;
  readonly lastMapMs: number;
  /** Page, styles, scripts and one build of WebAssembly, as a host that compresses sends them. */
  readonly bytes: number;
}

interface Lap {
  readonly firstMapMs: number;
  readonly lastMapMs: number;
  readonly bytes: number;
}

export const firstVisit: Leg = {
  title: 'A first visit to the page',
  about: 'A new browser opens the page, which runs scattered-delete at its defaults.',
  async measure() {
    const visit = await measureLaps();
    return { tables: [tableOf(visit)], goals: goalsOf(visit), figures: visit };
  },
};

async function measureLaps(): Promise<FirstVisit> {
  const server = await PageServer.open(0);
  const laps: Lap[] = [];
  try {
    while (laps.length < LAPS) laps.push(await lap(server.url));
  } finally {
    await server.close();
  }
  const of = (name: keyof Lap) => median(laps.map((each) => each[name]));
  return {
    laps: LAPS,
    firstMapMs: of('firstMapMs'),
    lastMapMs: of('lastMapMs'),
    bytes: of('bytes'),
  };
}

function tableOf({ firstMapMs, lastMapMs, bytes }: FirstVisit): Table {
  return {
    caption: `Median of ${LAPS} new browsers`,
    columns: ['', ''],
    rows: [
      ['until the first map, ms', firstMapMs.toFixed(0)],
      ['until the run has ended, ms', lastMapMs.toFixed(0)],
      ['KB compressed', (bytes / 1000).toFixed(0)],
    ],
  };
}

function goalsOf({ firstMapMs, bytes }: FirstVisit): Goal[] {
  const first = { what: 'first visit: until the first map', measured: firstMapMs, goal: GOAL_MS, unit: 'ms' };
  const loaded = {
    what: 'first visit: loaded, compressed',
    measured: bytes / 1000,
    goal: GOAL_KB,
    unit: 'KB',
  };
  return [first, loaded].map((goal) => ({ ...goal, is: 'at most' }));
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
