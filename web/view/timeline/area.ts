/** Resident memory over time, as stacked areas of its parts, with the memory that came back hatched above. */
import {
  area,
  axisBottom,
  axisLeft,
  curveLinear,
  max,
  type ScaleLinear,
  type Selection,
  scaleLinear,
  select,
  stack,
} from 'd3';
import { formatCount } from '../../../src/base/index.js';
import type { ResidentParts } from '../../../src/map/index.js';
import { nearestFrame, type TimeAxis } from './axis.js';
import { followPointer } from './follow-pointer.js';

/** A frame's parts, and the largest resident set until then. */
export interface PartsThen {
  readonly parts: ResidentParts;
  readonly peak: number;
}

export interface AreaHandle {
  show(moments: readonly PartsThen[], axis: TimeAxis, highest: number): void;
  moment(index: number): void;
  /** Returns the place of a frame in CSS pixels. */
  x(index: number): number;
}

const HEIGHT = 92;
/** Half the width of the text of a tick, and the part of it that has room left of the axis in the first one. */
const EDGE_PX = 36;
const FIRST_EDGE_PX = 32;
const MARGIN = { top: 10, right: 8, bottom: 20 };

const LAYERS = ['records', 'use', 'pinned', 'back', 'gone'] as const;
type Layer = (typeof LAYERS)[number];

const BYTES: Readonly<Record<Layer, (moment: PartsThen) => number>> = {
  records: ({ parts }) => parts.records,
  use: ({ parts }) => parts.use,
  pinned: ({ parts }) => parts.pinned,
  back: ({ parts }) => parts.dirty + parts.empty,
  gone: ({ parts, peak }) => peak - parts.resident,
};

/** Draws into a container; a press or a drag selects the nearest frame. `gutter` is the room left of the axis. */
export function areaChart(
  container: HTMLElement,
  gutter: () => number,
  goTo: (frame: number) => void,
): AreaHandle {
  let moments: readonly PartsThen[] = [];
  let axis: TimeAxis = { unit: 'sweeps', at: [] };
  let highest = 1;
  let shown = 0;
  const drawing = select(container)
    .append('svg')
    .attr('class', 'area')
    .attr('height', HEIGHT)
    .attr('aria-hidden', 'true');
  const svg = drawing.node()!;
  hatching(drawing.append('defs'));
  const layers = drawing.append('g');
  const left = drawing.append('g').attr('class', 'area-axis area-axis-left');
  const bottom = drawing.append('g').attr('class', 'area-axis');
  const cursor = drawing
    .append('line')
    .attr('class', 'area-cursor')
    .attr('y1', 0)
    .attr('y2', HEIGHT - MARGIN.bottom);

  const x = (): ScaleLinear<number, number> => {
    const [first = 0] = axis.at;
    const last = Math.max(axis.at.at(-1) ?? 1, first + 1);
    return scaleLinear([first, last], [gutter(), Math.max(gutter() + 1, svg.clientWidth - MARGIN.right)]);
  };

  function draw(): void {
    const across = x();
    const up = scaleLinear([0, highest], [HEIGHT - MARGIN.bottom, MARGIN.top]);
    const [only] = moments;
    // A single moment is drawn as one that lasts.
    const lasting = moments.length === 1 && only !== undefined ? [only, only] : [...moments];
    const stacked = stack<PartsThen, Layer>()
      .keys(LAYERS)
      .value((moment, layer) => BYTES[layer](moment))(lasting);
    const shape = area<[number, number]>()
      .x((_, index) => across(axis.at[index] ?? (axis.at[0] ?? 0) + index))
      .y0(([from]) => up(from))
      .y1(([, to]) => up(to))
      .curve(curveLinear);
    layers
      .selectAll('path')
      .data(stacked)
      .join('path')
      .attr('class', ({ key }) => `area-${key}`)
      .attr('d', (series) => shape(series as unknown as [number, number][]));
    const levels = levelsTo(highest);
    left.attr('transform', `translate(${gutter()},0)`).call(
      axisLeft(up)
        .tickValues(levels)
        .tickSize(-Math.max(0, svg.clientWidth - MARGIN.right - gutter()))
        .tickFormat((value) => levelText(Number(value), levels.at(-1)!)),
    );
    // The text of a tick at the edge would be cut.
    const edge = svg.clientWidth - EDGE_PX;
    const ticks = across
      .ticks(Math.max(2, Math.floor(svg.clientWidth / 160)))
      .filter((tick) => across(tick) < edge && across(tick) >= gutter() + FIRST_EDGE_PX)
      .filter(Number.isInteger);
    bottom.attr('transform', `translate(0,${HEIGHT - MARGIN.bottom})`).call(
      axisBottom(across)
        .tickValues(ticks)
        .tickSize(3)
        .tickFormat((value) => {
          const text = formatCount(Number(value) + (axis.unit === 'sweeps' ? 1 : 0));
          return value === ticks[0] ? `${text} ${axis.unit}` : text;
        }),
    );
    moment(shown);
  }
  function moment(index: number): void {
    shown = index;
    const at = x()(axis.at[index] ?? 0);
    cursor.attr('x1', at).attr('x2', at);
  }

  followPointer(svg, (place) => {
    if (moments.length > 0) goTo(nearestFrame(axis, x().invert(place)));
  });
  new ResizeObserver(draw).observe(container);
  return {
    show(newMoments, newAxis, newHighest) {
      moments = newMoments;
      axis = newAxis;
      highest = Math.max(1, newHighest);
      draw();
    },
    moment,
    x: (index) => x()(axis.at[index] ?? 0),
  };
}

/** Returns the largest peak of the moments. */
export function highestOf(moments: readonly PartsThen[]): number {
  return max(moments, ({ peak }) => peak) ?? 0;
}

const MIB = 2 ** 20;

/** Returns zero and two round numbers of a binary unit. */
function levelsTo(highest: number): number[] {
  const unit = highest >= MIB ? MIB : 1024;
  const ticks = scaleLinear([0, highest / unit], [0, 1]).ticks(2);
  return ticks.map((tick) => tick * unit);
}

function levelText(bytes: number, top: number): string {
  const unit = top >= MIB ? MIB : 1024;
  const text = formatCount(bytes / unit);
  return bytes === top && bytes > 0 ? `${text} ${unit === MIB ? 'MiB' : 'KiB'}` : text;
}

type Defs = Selection<SVGDefsElement, unknown, null, undefined>;

/** Adds the hatching of memory that came back. */
function hatching(defs: Defs): void {
  defs
    .append('pattern')
    .attr('id', HATCH)
    .attr('width', 6)
    .attr('height', 6)
    .attr('patternUnits', 'userSpaceOnUse')
    .attr('patternTransform', 'rotate(45)')
    .append('rect')
    .attr('class', 'area-hatch')
    .attr('width', 1)
    .attr('height', 6);
}

const HATCH = 'came-back';
