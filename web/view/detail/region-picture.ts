import type { REGION_STATES } from '../../../src/engine/index.js';
import { regionRectangles } from '../../../src/map/index.js';
import type { Looked } from '../map/describe.js';
import { ownersOf } from './owners-of.js';

type RegionState = (typeof REGION_STATES)[number];
const STATES: readonly RegionState[] = ['free', 'parked', 'live'];
const WIDTH = 240;
/** Sizes of the words in regions, in the units of the picture. */
const LETTER = 4.6;
const LINE = 10;
const INSET = 4;

/** Returns a picture of one slab, region by region, if the run recorded regions. */
export function regionPicture({ frame, layout }: Looked, item: number): SVGSVGElement[] {
  const { regions } = frame.snapshot;
  if (regions === null || item >= layout.granules.count) return [];
  // The slab has a map of its own here: one row, as long as the slab.
  const pages = layout.pages[item]!;
  const alone = { ...layout, columns: pages, starts: new Uint32Array(layout.starts.length) };
  const rectangles = regionRectangles(alone, item);
  if (rectangles.length === 0) return [];
  const height = Math.min(44, Math.max(28, WIDTH / pages));
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
  // The owner of each region is known if all live ones have the same.
  const owners = ownersOf(frame, item);
  const words = { live: owners.length === 1 ? owners[0]!.name : 'live', parked: 'parked', free: 'free' };
  for (const { region, x, y, width, height: share } of rectangles) {
    const state = STATES[regions.states[first + region]!]!;
    const lines = words[state].split(' ');
    const room = { across: (width * WIDTH) / pages - 2 * INSET, down: share * height - INSET };
    const longest = Math.max(...lines.map((line) => line.length));
    if (longest * LETTER > room.across || lines.length * LINE > room.down) continue;
    lines.forEach((line, at) => {
      const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
      text.setAttribute('class', `on-${state}`);
      text.setAttribute('x', `${round((x * WIDTH) / pages + INSET)}`);
      text.setAttribute('y', `${round(y * height + LINE * (at + 1))}`);
      text.textContent = line;
      svg.append(text);
    });
  }
  return [svg];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
