/** A sweep on the page with one worker and with two, in turns: the time from the link to the last of its cells. */
import { type Browser, chromium } from 'playwright-core';
import { PageServer } from '../../src/serve/page/page-server.js';
import type { Leg } from './leg.js';
import { median } from './measured.js';

const CELLS = 24;
const LAPS = 3;
const GOAL = 1.6;
/** By the processor time of the browser's threads. */
const BOUND =
  'one worker, with the threads that compile and collect for it and those that draw, keeps 1.9 of the 2 cores busy; with ' +
  'cells of 100,000 keys it is 1.5, and two workers are 1.27 times as fast';
const SWEEP =
  '#run=scattered-delete&set.keys=20000&axis.dirty_decay_ms=0,1000,10000,-1&axis.order=odd,random,sequential' +
  '&axis.seed=1,2';

export const pageSweep: Leg = {
  title: 'A sweep on the page',
  about: `${CELLS} cells of scattered-delete at 20,000 keys run on the page with one worker and with two, in turns.`,
  async measure() {
    const { one, two } = await measureLaps();
    const ratio = median(one) / median(two);
    return {
      tables: [
        {
          caption: `Median of ${LAPS} sweeps, from the link to the last cell`,
          columns: ['workers', 'ms'],
          rows: [
            ['1', median(one).toFixed(0)],
            ['2', median(two).toFixed(0)],
          ],
        },
      ],
      goals: [
        {
          what: `a sweep of ${CELLS} cells on the page: 2 workers / 1`,
          measured: ratio,
          is: 'at least',
          goal: GOAL,
          unit: '',
          bound: BOUND,
        },
      ],
      figures: { one, two },
    };
  },
};

async function measureLaps(): Promise<{ readonly one: readonly number[]; readonly two: readonly number[] }> {
  const server = await PageServer.open(0);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const one: number[] = [];
  const two: number[] = [];
  try {
    while (two.length < LAPS) {
      one.push(await lap(browser, server.url, 1));
      two.push(await lap(browser, server.url, 2));
    }
    return { one, two };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Returns the milliseconds of a sweep on a new page of a browser with so many processors. */
async function lap(browser: Browser, url: string, processors: number): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(0);
  await page.addInitScript((count) => {
    Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count });
  }, processors);
  await page.goto(`${url}${SWEEP}`);
  await page.getByText(`${CELLS} of ${CELLS} cells`, { exact: true }).waitFor();
  const ms = await page.evaluate(() => performance.now());
  await page.close();
  return ms;
}
