import { curveStepAfter, line, max, type ScaleLinear, scaleLinear, select } from 'd3';
import type { Frame } from '../../recordings.js';
import { element } from '../dom/element.js';
import { nearestFrame, type TimeAxis } from './axis.js';
import { followPointer } from './follow-pointer.js';
import { CHARTS, type Chart } from './series.js';

const HEIGHT = 84;
const TOP = 8;
const BOTTOM = 6;
/** Space in CSS pixels at both ends of the axis, so that lines and points are not cut. */
const SIDE = 8;

export interface ChartsHandle {
  /** Shows the frames; `beside` has those of the other run, so that both have one scale of values. */
  show(frames: readonly Frame[], axis: TimeAxis, beside: readonly Frame[]): void;
  /** Moves the line that marks the moment, and updates the figures beside the titles. */
  moment(index: number): void;
}

/** Draws small charts over one another on the axis of the scrubber. A click or a drag selects the nearest sweep. */
export function charts(container: HTMLElement, goTo: (frame: number) => void): ChartsHandle {
  let frames: readonly Frame[] = [];
  let beside: readonly Frame[] = [];
  let axis: TimeAxis = { unit: 'sweeps', at: [] };
  let shown = 0;
  const parts = CHARTS.map((chart) => chartPart(container, chart));
  const x = () => timeScale(axis, parts[0]?.svg.clientWidth ?? 0);

  function draw(): void {
    for (const part of parts) part.draw(frames, axis, x(), beside);
    moment(shown);
  }
  function moment(index: number): void {
    shown = index;
    const frame = frames[index];
    if (frame !== undefined) for (const part of parts) part.moment(frame, x()(axis.at[index]!));
  }

  for (const { svg } of parts) {
    followPointer(svg, (place) => {
      if (frames.length > 0) goTo(nearestFrame(axis, x().invert(place)));
    });
  }
  new ResizeObserver(draw).observe(container);
  return {
    show: (newFrames, newAxis, newBeside) => {
      frames = newFrames;
      beside = newBeside;
      axis = newAxis;
      draw();
    },
    moment,
  };
}

function timeScale(axis: TimeAxis, width: number): ScaleLinear<number, number> {
  const [first = 0] = axis.at;
  const last = axis.at.at(-1) ?? 1;
  return scaleLinear([first, Math.max(last, first + 1)], [SIDE, Math.max(SIDE + 1, width - SIDE)]);
}

function chartPart(container: HTMLElement, chart: Chart) {
  const values = element('span', { class: 'chart-values' });
  const figure = element('figure', { class: 'chart' });
  figure.append(element('figcaption', {}, element('span', { class: 'chart-title' }, chart.title), values));
  container.append(figure);
  const drawing = select(figure)
    .append('svg')
    .attr('height', HEIGHT)
    .attr('role', 'img')
    .attr('preserveAspectRatio', 'none');
  const svg = drawing.node()!;
  const ground = drawing.append('g').attr('class', 'chart-ground');
  const lines = drawing.append('g');
  const cursor = drawing
    .append('line')
    .attr('class', 'chart-cursor')
    .attr('y1', 0)
    .attr('y2', HEIGHT - BOTTOM + 2);
  const dots = drawing.append('g');
  let y = scaleLinear([0, 1], [HEIGHT - BOTTOM, TOP]);

  return {
    svg,
    draw(
      frames: readonly Frame[],
      axis: TimeAxis,
      x: ScaleLinear<number, number>,
      beside: readonly Frame[],
    ): void {
      const highest =
        max([...frames, ...beside], ({ snapshot }) => max(chart.series, ({ of }) => of(snapshot) ?? 0)) ?? 0;
      y = scaleLinear([0, chart.domain === 'share' ? 1 : Math.max(highest, 1)], [HEIGHT - BOTTOM, TOP]);
      const width = svg.clientWidth;
      const levels = [0, y.domain()[1]!];
      ground
        .selectAll('line')
        .data(levels)
        .join('line')
        .attr('x1', SIDE)
        .attr('x2', Math.max(SIDE, width - SIDE))
        .attr('y1', (level) => y(level))
        .attr('y2', (level) => y(level));
      ground
        .selectAll('text')
        .data(levels.slice(1))
        .join('text')
        .attr('x', SIDE)
        .attr('y', (level) => y(level) + 12)
        .text((level) => chart.format(level));
      lines
        .selectAll('path')
        .data(chart.series)
        .join('path')
        .attr('class', ({ key }) => `line line-${key}`)
        .attr('d', ({ of }) =>
          line<Frame>()
            .defined(({ snapshot }) => of(snapshot) !== null)
            .x((_, i) => x(axis.at[i]!))
            .y(({ snapshot }) => y(of(snapshot)!))
            // A survey is valid at its own moment only, so the last known value holds until the next one.
            .curve(curveStepAfter)(frames),
        );
      drawing.attr('aria-label', describe(chart, frames));
    },
    moment({ snapshot }: Frame, at: number): void {
      cursor.attr('x1', at).attr('x2', at);
      const points = chart.series.flatMap(({ key, of }) => {
        const value = of(snapshot);
        return value === null ? [] : [{ key, value }];
      });
      dots
        .selectAll('circle')
        .data(points)
        .join('circle')
        .attr('class', ({ key }) => `dot line-${key}`)
        .attr('r', 3.5)
        .attr('cx', at)
        .attr('cy', ({ value }) => y(value));
      values.replaceChildren(
        ...chart.series.map(({ name, key, meaning, of }) => {
          const value = of(snapshot);
          const text = value === null ? 'none yet' : chart.format(value);
          return element(
            'span',
            { class: 'chart-value', title: meaning },
            element('i', { class: `key line-${key}` }),
            chart.series.length === 1 ? '' : `${name} `,
            element('b', {}, text),
          );
        }),
      );
    },
  };
}

/** Returns the text of a chart for screen readers: each line's first and last value. */
function describe(chart: Chart, frames: readonly Frame[]): string {
  const first = frames[0];
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return `${chart.title}: nothing was measured yet`;
  const told = chart.series.map(({ name, of }) => {
    const [from, to] = [of(first.snapshot), of(last.snapshot)].map((value) =>
      value === null ? 'none' : chart.format(value),
    );
    return `${name} from ${from} to ${to}`;
  });
  return `${chart.title} over ${frames.length} sweeps: ${told.join(', ')}`;
}
