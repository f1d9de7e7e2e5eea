import type { REGION_STATES } from '../../../src/engine/index.js';
import { regionRectangles } from '../../../src/map/index.js';
import type { Looked } from '../map/describe.js';

type RegionState = (typeof REGION_STATES)[number];
const STATES: readonly RegionState[] = ['free', 'parked', 'live'];
const WIDTH = 240;

/** Returns a picture of one slab, region by region, if the run recorded regions. */
export function regionPicture({ frame, layout }: Looked, item: number): SVGSVGElement[] {
  const { regions } = frame.snapshot;
  if (regions === null || item >= layout.granules.count) return [];
  // The slab has a map of its own here: one row, as long as the slab.
  const pages = layout.pages[item]!;
  const alone = { ...layout, columns: pages, starts: new Uint32Array(layout.starts.length) };
  const rectangles = regionRectangles(alone, item);
  if (rectangles.length === 0) return [];
  const height = Math.min(96, Math.max(28, WIDTH / pages));
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${height}`);
  svg.setAttribute('class', 'region-picture');
  svg.setAttribute('aria-hidden', 'true');
  const first = regions.first[item]!;
  for (const state of STATES) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('class', `fill-${state}`);
    path.setAttribute(
      'd',
      rectangles
        .filter(({ region }) => STATES[regions.states[first + region]!] === state)
        .map(({ x, y, width, height: share }) => {
          const [left, top] = [(x * WIDTH) / pages, y * height];
          const [w, h] = [(width * WIDTH) / pages, share * height];
          const gap = Math.min(1, w / 5, h / 5);
          return `M${round(left)} ${round(top)}h${round(w - gap)}v${round(h - gap)}h${round(gap - w)}z`;
        })
        .join(''),
    );
    svg.append(path);
  }
  return [svg];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
