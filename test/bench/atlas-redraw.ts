/** How long the page takes to draw an atlas of 64 cells again, as after a change of the theme, until pixels can be read. */
import { chromium } from 'playwright-core';
import { PageServer } from '../../src/serve/page/page-server.js';
import type { Leg } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';

const CELLS = 64;
const REDRAWS = 21;
const GOAL_MS = 100;
const SWEEP =
  '#run=scattered-delete&set.keys=5000&set.order=random&rest=5000' +
  '&axis.dirty_decay_ms=0,1000,2000,3000,4000,5000,10000,-1&axis.seed=1,2,3,4,5,6,7,8';

export const atlasRedraw: Leg = {
  title: 'An atlas on the page',
  about: `An atlas of ${CELLS} cells is drawn anew in a browser without a graphics card, until pixels can be read.`,
  async measure() {
    const times = await measure();
    const ms = fastQuartileOfTimes(times);
    return {
      tables: [
        {
          caption: `ms of ${REDRAWS} redraws, lower quartile and slowest`,
          columns: ['cells', 'redraw', 'slowest'],
          rows: [[`${CELLS}`, ms.toFixed(1), Math.max(...times).toFixed(1)]],
        },
      ],
      goals: [
        {
          what: `an atlas of ${CELLS} cells, drawn anew`,
          measured: ms,
          is: 'at most',
          goal: GOAL_MS,
          unit: 'ms',
        },
      ],
      figures: { cells: CELLS, times },
    };
  },
};

async function measure(): Promise<number[]> {
  const server = await PageServer.open(0);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-frame-rate-limit', '--disable-gpu-vsync'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(0);
    await page.goto(`${server.url}${SWEEP}`);
    await page.getByText(`${CELLS} of ${CELLS} cells`).waitFor();
    await page.waitForFunction(
      (cells) => document.querySelectorAll('.atlas-cell canvas[data-look]').length === cells,
      CELLS,
    );
    return await page.evaluate(async (redraws) => {
      const next = () => new Promise<number>((done) => requestAnimationFrame(done));
      const canvases = () => document.querySelectorAll<HTMLCanvasElement>('.atlas-cell canvas');
      const times: number[] = [];
      for (let redraw = 0; redraw < redraws; redraw++) {
        await next();
        const start = performance.now();
        document.documentElement.dataset.theme = redraw % 2 === 0 ? 'dark' : 'light';
        await next();
        for (const canvas of canvases()) canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
        times.push(performance.now() - start);
      }
      return times;
    }, REDRAWS);
  } finally {
    await browser.close();
    await server.close();
  }
}
