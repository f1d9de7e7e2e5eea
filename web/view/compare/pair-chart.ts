/** One figure of two runs over time, in one chart. */
import { axisBottom, axisLeft, line, scaleLinear, select } from 'd3';
import { formatBytes, formatCount } from '../../../src/base/index.js';
import type { ResidentParts } from '../../../src/map/index.js';
import { amountsOf } from '../../../src/report/index.js';
import { element } from '../dom/element.js';
import type { PartsThen } from '../timeline/area.js';
import type { TimeAxis } from '../timeline/axis.js';

interface Figure {
  readonly name: string;
  readonly of: (parts: ResidentParts) => number;
  /** Returns the figure as the bars above the maps print it. */
  readonly text: (parts: ResidentParts) => string;
}

const FIGURES: readonly [Figure, ...Figure[]] = [
  { name: 'Pinned', of: ({ pinned }) => pinned, text: (parts) => amountsOf(parts).pinned },
  { name: 'Comes back', of: ({ dirty, empty }) => dirty + empty, text: (parts) => amountsOf(parts).back },
  { name: 'In use', of: ({ use }) => use, text: (parts) => amountsOf(parts).use },
  { name: 'Resident', of: ({ resident }) => resident, text: ({ resident }) => formatBytes(resident) },
];

const HEIGHT = 92;
const MARGIN = { top: 8, right: 96, bottom: 20, left: 64 };
/** Room for the number at a tick in CSS pixels. */
const TICK_PX = 76;

/** The moments of a run, and their places in time. */
export interface ChartSide {
  readonly moments: readonly PartsThen[];
  readonly axis: TimeAxis;
}

export interface PairChart {
  show(sides: readonly ChartSide[]): void;
}

export function pairChart(container: HTMLElement): PairChart {
  const choice = element('select', { 'aria-label': 'Figure over time' });
  choice.append(...FIGURES.map(({ name }) => element('option', { value: name }, name)));
  container.append(element('div', { class: 'pair-chart-head' }, choice, element('span', {}, 'over time')));
  const drawing = select(container)
    .append('svg')
    .attr('class', 'pair-chart')
    .attr('height', HEIGHT)
    .attr('role', 'img');
  const svg = drawing.node()!;
  const left = drawing.append('g').attr('class', 'area-axis');
  const bottom = drawing.append('g').attr('class', 'area-axis');
  const lines = drawing.append('g');
  const labels = drawing.append('g');
  let sides: readonly ChartSide[] = [];

  function draw(): void {
    const { of, text } = FIGURES.find(({ name }) => name === choice.value) ?? FIGURES[0];
    const values = sides.map(({ moments }) => moments.map(({ parts }) => of(parts)));
    const highest = Math.max(1, ...values.flat());
    const last = Math.max(1, ...sides.map(({ axis }) => axis.at.at(-1) ?? 0));
    const right = Math.max(MARGIN.left + 1, svg.clientWidth - MARGIN.right);
    const across = scaleLinear([0, last], [MARGIN.left, right]);
    const up = scaleLinear([0, highest], [HEIGHT - MARGIN.bottom, MARGIN.top]);
    const unit = highest >= 2 ** 20 ? 2 ** 20 : 1024;
    const ticks = scaleLinear([0, highest / unit], [0, 1])
      .ticks(2)
      .map((tick) => tick * unit);
    left.attr('transform', `translate(${MARGIN.left},0)`).call(
      axisLeft(up)
        .tickValues(ticks)
        .tickSize(MARGIN.left - right)
        .tickFormat((tick) => (Number(tick) === 0 ? '0' : formatBytes(Number(tick)).replace('.0 ', ' '))),
    );
    // The unit stands at the first tick. Where there is room for one, that is the last.
    const room = Math.floor((right - MARGIN.left) / TICK_PX);
    const times = across.ticks(Math.max(1, Math.min(4, room))).slice(room < 2 ? -1 : 0);
    bottom.attr('transform', `translate(0,${HEIGHT - MARGIN.bottom})`).call(
      axisBottom(across)
        .tickValues(times)
        .tickSize(3)
        .tickFormat(
          (tick, at) => `${formatCount(Number(tick))}${at === 0 ? ` ${sides[0]?.axis.unit ?? ''}` : ''}`,
        ),
    );
    lines
      .selectAll('path')
      .data(sides)
      .join('path')
      .attr('class', (_, side) => `pair-line pair-${side === 0 ? 'a' : 'b'}`)
      .attr('d', ({ axis }, side) =>
        line<number>()
          .x((_, at) => across(axis.at[at]!))
          .y((value) => up(value))(values[side]!),
      );
    // A run of one moment has no line.
    lines
      .selectAll('circle')
      .data(sides)
      .join('circle')
      .attr('class', (_, side) => `pair-dot pair-${side === 0 ? 'a' : 'b'}`)
      .attr('r', 3)
      .attr('cx', ({ axis }) => across(axis.at.at(-1) ?? 0))
      .attr('cy', (_, side) => up(values[side]!.at(-1) ?? 0));
    const ends = sides.map(({ axis, moments }, side) => ({
      x: across(axis.at.at(-1) ?? 0) + 8,
      y: up(values[side]!.at(-1) ?? 0),
      text: `${side === 0 ? 'A' : 'B'} ${text(moments.at(-1)!.parts)}`,
    }));
    // Two labels at one height are moved apart.
    const [a, b] = ends;
    if (a !== undefined && b !== undefined && Math.abs(a.y - b.y) < 14) {
      const middle = (a.y + b.y) / 2;
      const isAHigher = a.y <= b.y;
      a.y = middle + (isAHigher ? -7 : 7);
      b.y = middle + (isAHigher ? 7 : -7);
    }
    labels
      .selectAll('text')
      .data(ends)
      .join('text')
      .attr('class', (_, side) => `pair-label pair-${side === 0 ? 'a' : 'b'}`)
      .attr('x', ({ x }) => x)
      .attr('y', ({ y }) => Math.max(10, y + 4))
      .text(({ text }) => text);
    drawing.attr(
      'aria-label',
      `${choice.value} over time: ${ends.map(({ text }) => text).join(', ')} at the end`,
    );
  }
  choice.addEventListener('change', draw);
  new ResizeObserver(draw).observe(container);
  return {
    show(next) {
      sides = next;
      draw();
    },
  };
}
