/**
 * How long the page takes to draw a map of so many slabs, in a browser without a graphics card: wheel and pointer as a
 * reader uses them, one each frame, and the time from there until the pixels can be read, where nothing limits the rate
 * of frames.
 */
import { chromium, type Page } from 'playwright-core';
import { PageServer } from '../../src/serve/page/page-server.js';
import type { Goal, Leg, Table } from './leg.js';
import { fastQuartileOfTimes } from './measured.js';

const FRAMES = 60;
const SIZES: readonly (readonly [slabs: number, goalMs: number])[] = [
  [100_000, 16],
  [1_000_000, 60],
];
/** The whole map; a part with edges of slabs; regions. */
const ZOOMS = [1, 4, 24] as const;

interface MapFrames {
  readonly slabs: number;
  readonly zoom: number;
  readonly goalMs: number;
  /** Lower quartile, and the slowest but one in ten. */
  readonly zoomMs: number;
  readonly zoomMs90: number;
  readonly hoverMs: number;
  readonly hoverMs90: number;
}

interface Times {
  readonly zoomTimes: readonly number[];
  readonly hoverTimes: readonly number[];
}

export const mapFrames: Leg = {
  title: 'Frames of the map on the page',
  about:
    'The wheel and the pointer move over the map in a browser without a graphics card, once a frame, until pixels can be read.',
  async measure() {
    const results = await measureSizes();
    return { tables: [tableOf(results)], goals: results.flatMap(goalsOf), figures: results };
  },
};

async function measureSizes(): Promise<MapFrames[]> {
  const server = await PageServer.open(0);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-frame-rate-limit', '--disable-gpu-vsync'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`http://127.0.0.1:${server.port}/#run=scattered-delete&set.keys=1000&sweep-every=0`);
    await page.waitForFunction(() => {
      type Shown = { readonly recording: { readonly result: unknown } };
      type Stores = { readonly recordings: { get(): readonly Shown[] } };
      const { slablab } = globalThis as unknown as { slablab?: Stores };
      return slablab?.recordings.get()[0]?.recording.result != null;
    });
    const results: MapFrames[] = [];
    for (const [slabs, goalMs] of SIZES) {
      for (const zoom of ZOOMS) {
        const { zoomTimes, hoverTimes } = await measure(page, slabs, zoom);
        results.push({
          slabs,
          zoom,
          goalMs,
          zoomMs: fastQuartileOfTimes(zoomTimes),
          zoomMs90: ninth(zoomTimes),
          hoverMs: fastQuartileOfTimes(hoverTimes),
          hoverMs90: ninth(hoverTimes),
        });
      }
    }
    return results;
  } finally {
    await browser.close();
    await server.close();
  }
}

function ninth(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.9)] as number;
}

function tableOf(results: readonly MapFrames[]): Table {
  return {
    caption: `ms of ${FRAMES} frames, lower quartile, and the time that 9 of 10 are below`,
    columns: ['slabs, zoom', 'zoom', '9 of 10', 'hover', '9 of 10'],
    rows: results.map(({ slabs, zoom, zoomMs, zoomMs90, hoverMs, hoverMs90 }) => [
      `${slabs}, ${zoom}x`,
      ...[zoomMs, zoomMs90, hoverMs, hoverMs90].map((ms) => ms.toFixed(1)),
    ]),
  };
}

function goalsOf({ slabs, zoom, goalMs, zoomMs, hoverMs }: MapFrames): Goal[] {
  const subject = `a frame of ${slabs} slabs at ${zoom}x`;
  return [
    { what: `${subject}, zoomed`, measured: zoomMs, is: 'at most', goal: goalMs, unit: 'ms' },
    { what: `${subject}, hovered`, measured: hoverMs, is: 'at most', goal: goalMs, unit: 'ms' },
  ];
}

/** Slabs of a page and four regions each, in place of the recording that the page shows; then gestures on its map. */
function measure(page: Page, slabs: number, zoom: number): Promise<Times> {
  return page.evaluate(
    async ([count, scale, frames]) => {
      type Recording = {
        readonly info: { readonly sizeClasses: readonly number[] };
        readonly frames: never[];
      };
      type Stores = {
        readonly recordings: {
          get(): readonly { readonly recording: Recording }[];
          set(shown: unknown): void;
        };
        readonly view: { change(part: unknown): void };
      };
      const { recordings, view } = (globalThis as unknown as { slablab: Stores }).slablab;
      const [shown] = recordings.get();
      if (shown === undefined) throw new Error('the page shows no recording');
      const { recording } = shown;
      const { snapshot } = recording.frames.at(-1) as unknown as { snapshot: { memory: object } };
      const column = (of: (slab: number) => number) =>
        Uint32Array.from({ length: count }, (_, slab) => of(slab));
      const live = column((slab) => (slab * 7919) % 5);
      const sizeClass = recording.info.sizeClasses.indexOf(1024);
      const none = new Uint32Array(0);
      const bytes = count * 4096;
      view.change({ zoom: null });
      const frame = {
        phase: 'end',
        owners: null,
        snapshot: {
          ...snapshot,
          memory: { ...snapshot.memory, active: bytes, resident: bytes, dirty: 0, muzzy: 0, metadata: 0 },
          granules: {
            count,
            page: column((slab) => slab),
            pages: column(() => 1),
            sizeClass: column(() => sizeClass),
            arena: column(() => 0),
            live,
            parked: column(() => 0),
            free: live.map((regions) => 4 - regions),
            openedMs: column((slab) => slab),
            allocs: column(() => 4),
            cohort: column(() => 1),
          },
          unused: { count: 0, page: none, pages: none, arena: none, state: none },
          regions: {
            first: Uint32Array.from({ length: count + 1 }, (_, slab) => slab * 4),
            states: Uint8Array.from({ length: count * 4 }, (_, region) => (region * 31) % 3),
          },
        },
      };
      recordings.set([
        { title: 'bench', isGrowing: false, recording: { ...recording, frames: [frame], result: null } },
      ]);
      const next = () => new Promise<number>((done) => requestAnimationFrame(done));
      const canvas = document.querySelector('canvas.over') as HTMLCanvasElement & { __zoom: { k: number } };
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
      const wheel = (deltaY: number) => canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY }));
      for (let tries = 0; tries < 200 && canvas.__zoom.k < scale; tries++) wheel(-40);
      await next();
      const cells = document.querySelector('canvas.cells') as HTMLCanvasElement;
      const timed = async (gesture: (step: number) => void) => {
        const times: number[] = [];
        await next();
        for (let step = 0; step < frames; step++) {
          const start = performance.now();
          gesture(step);
          await next();
          // What was drawn is only recorded until someone wants to see it.
          cells.getContext('2d')?.getImageData(0, 0, 1, 1);
          times.push(performance.now() - start);
        }
        return times;
      };
      const zoomTimes = await timed((step) => wheel(step % 2 === 0 ? -3 : 3));
      const hoverTimes = await timed((step) => {
        const over = { clientX: left + 20 + step * 5, clientY: top + 50 + step, bubbles: true };
        canvas.dispatchEvent(new PointerEvent('pointermove', over));
      });
      return { zoomTimes, hoverTimes };
    },
    [slabs, zoom, FRAMES] as const,
  );
}
