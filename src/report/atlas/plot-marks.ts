/** Draws the plots of an atlas as marks, which each output draws in its own way. */
import { formatBytes } from '../../base/index.js';
import { between, type Ground, PARTS } from '../../map/index.js';
import type { Objective } from '../../sweep/index.js';
import { INK, type Mark, type Text } from '../map-composition.js';
import { FIGURE_TITLES, figureText, valueText } from './atlas.js';
import type { AxisPlot, FrontPoint } from './plots.js';

export interface PlotBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ground: Ground;
  /** The average width of a letter. */
  readonly letterWidth: number;
}

/** Room for the numbers left of a plot, for what is below it, and for its title. */
const LEFT = 46;
const BELOW = 34;
const TITLE = 30;
const DOT = 4;
const LINE_HEIGHT = 14;

/** Returns the marks of a figure over an axis, one line for each value of the other axis. */
export function axisPlotMarks({ axis, lines }: AxisPlot, figure: Objective, box: PlotBox): Mark[] {
  const { ground, letterWidth } = box;
  const ink = INK[ground];
  const longest = Math.max(0, ...lines.map(({ label }) => label.length));
  const inner = innerOf(box, Math.min(box.width / 3, longest * letterWidth + 14));
  const up = scaleOf(
    figure,
    lines.flatMap(({ points }) => points.map(({ y }) => y)),
  );
  const steps = Math.max(1, axis.values.length - 1);
  const across = (index: number) => inner.x + (inner.width * index) / steps;
  const down = (value: number) => inner.y + inner.height * (1 - value / up.top);
  const marks: Mark[] = [
    textMark(box.x, box.y + 12, `${FIGURE_TITLES[figure]}, by ${axis.name}`, ink.text, 'heading'),
    ...levels(up, figure, inner, box, down),
  ];
  axis.values.forEach((value, index) => {
    const text = valueText(axis.name, value);
    const width = text.length * letterWidth;
    const x = Math.max(inner.x, Math.min(inner.x + inner.width - width, across(index) - width / 2));
    marks.push(textMark(x, inner.y + inner.height + 18, text, ink.faint, 'name'));
  });
  const labels: { readonly text: string; readonly y: number; readonly colour: string }[] = [];
  lines.forEach(({ label, points }, at) => {
    const colour = lineColour(at, lines.length, ground);
    const places = points.map(({ x, y }) => [across(x), down(y)] as const);
    if (places.length > 1) marks.push({ kind: 'line', points: places, colour, width: 2 });
    points.forEach(({ cells }, index) => {
      const [x, y] = places[index]!;
      marks.push({ kind: 'dot', x, y, radius: DOT, colour, cells });
    });
    const last = places.at(-1);
    if (last !== undefined && label !== '') labels.push({ text: label, y: last[1], colour });
  });
  for (const { text, y, colour } of apart(labels)) {
    marks.push(textMark(inner.x + inner.width + 10, y + 4, text, colour));
  }
  return marks;
}

/** Returns the marks of two figures against each other, with the Pareto front of these two joined. */
export function frontPlotMarks(
  points: readonly FrontPoint[],
  x: Objective,
  y: Objective,
  best: number | null,
  box: PlotBox,
): Mark[] {
  const { ground, letterWidth } = box;
  const ink = INK[ground];
  const inner = innerOf(box, 14);
  const right = scaleOf(
    x,
    points.map((point) => point.x),
  );
  const up = scaleOf(
    y,
    points.map((point) => point.y),
  );
  const across = (value: number) => inner.x + (inner.width * value) / right.top;
  const down = (value: number) => inner.y + inner.height * (1 - value / up.top);
  const colour = PARTS[ground].dirty;
  const front = points.filter(({ isFront }) => isFront);
  const marks: Mark[] = [
    textMark(box.x, box.y + 12, `${FIGURE_TITLES[y]}, against what it costs`, ink.text, 'heading'),
    ...levels(up, y, inner, box, down),
  ];
  for (const tick of right.ticks) {
    const text = tickText(x, tick, right.ticks);
    const place = tick === 0 ? across(tick) : across(tick) - (text.length * letterWidth) / 2;
    marks.push(textMark(place, inner.y + inner.height + 16, text, ink.faint, 'name'));
  }
  marks.push(
    textMark(inner.x, inner.y + inner.height + 31, FIGURE_TITLES[x].toLowerCase(), ink.faint, 'name'),
  );
  if (front.length > 1) {
    const places = front.map((point) => [across(point.x), down(point.y)] as const);
    marks.push({ kind: 'line', points: places, colour, width: 1.5 });
  }
  for (const point of points) {
    const isBest = best !== null && point.cells.includes(best);
    marks.push({
      kind: 'dot',
      x: across(point.x),
      y: down(point.y),
      radius: isBest ? DOT + 2 : DOT,
      colour,
      cells: point.cells,
      isHollow: !point.isFront,
    });
  }
  const named = points
    .map((point) => ({ ...point, isBest: best !== null && point.cells.includes(best) }))
    .filter(({ cells, isBest }) => cells.length > 1 || isBest)
    .sort((a, b) => Number(b.isBest) - Number(a.isBest) || b.cells.length - a.cells.length);
  const placed: Name[] = [];
  for (const { x: atX, y: atY, cells, isBest } of named) {
    const text = [cells.length > 1 ? `${cells.length} runs` : '', isBest ? 'best' : '']
      .filter((part) => part !== '')
      .join(', ');
    const width = text.length * letterWidth;
    const [middle, line] = [across(atX), down(atY)];
    // Right of its point, else left of it, above the line or below it; a name without room is left out.
    const name = [-6, 16]
      .flatMap((below) =>
        [middle + 10, middle - 10 - width].map((left) => ({ left, y: line + below, width })),
      )
      .find(
        (each) =>
          // Above the first line is the heading.
          each.y > inner.y &&
          each.left >= inner.x &&
          each.left + width <= inner.x + inner.width &&
          placed.every((other) => !overlap(each, other)),
      );
    if (name === undefined) continue;
    placed.push(name);
    marks.push(textMark(name.left, name.y, text, ink.faint, 'name'));
  }
  return marks;
}

/** The place of a name: its left end, its base line and its width. */
interface Name {
  readonly left: number;
  readonly y: number;
  readonly width: number;
}

function overlap(a: Name, b: Name): boolean {
  const isBeside = a.left + a.width <= b.left || b.left + b.width <= a.left;
  return !isBeside && Math.abs(a.y - b.y) < LINE_HEIGHT;
}

interface Scale {
  readonly top: number;
  readonly ticks: readonly number[];
}

/** Returns a scale from 0 to a round number with three or four ticks, round in the figure's unit. */
function scaleOf(figure: Objective, values: readonly number[]): Scale {
  if (figure === 'cohortDsr') return { top: 1, ticks: [0, 0.5, 1] };
  const highest = Math.max(1, ...values);
  const unit = 1024 ** Math.floor(Math.log2(highest) / 10);
  const raw = highest / unit / 3;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude * unit).find((each) => each >= raw * unit)!;
  const ticks = Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
  return { top: Math.max(highest, ticks.at(-1)!) * 1.04, ticks };
}

function levels(
  { ticks }: Scale,
  figure: Objective,
  inner: Inner,
  { ground }: PlotBox,
  down: (value: number) => number,
): Mark[] {
  const ink = INK[ground];
  return ticks.flatMap((tick): Mark[] => [
    {
      kind: 'line',
      points: [
        [inner.x, down(tick)],
        [inner.x + inner.width, down(tick)],
      ],
      colour: PARTS[ground].line,
      width: 1,
    },
    {
      ...textMark(inner.x - 6, down(tick) + 4, tickText(figure, tick, ticks), ink.faint, 'name'),
      isRightAligned: true,
    },
  ]);
}

/** Returns the text of a tick; only the last one has the unit. */
function tickText(figure: Objective, tick: number, ticks: readonly number[]): string {
  if (figure === 'cohortDsr') return figureText(figure, tick).replace('.0%', '%');
  if (tick === 0) return '0';
  const [number = '', unit = ''] = formatBytes(tick).split(' ');
  const short = number.replace(/\.0$/, '');
  return tick === ticks.at(-1) ? `${short} ${unit}` : short;
}

interface Inner {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function innerOf({ x, y, width, height }: PlotBox, right: number): Inner {
  return {
    x: x + LEFT,
    y: y + TITLE,
    width: width - LEFT - right,
    height: height - TITLE - BELOW,
  };
}

/** Returns the colour of a line, on a ramp from orange to blue. */
function lineColour(at: number, lines: number, ground: Ground): string {
  const { pin, dirty } = PARTS[ground];
  return lines === 1 ? dirty : between(pin, dirty, at / (lines - 1));
}

/** Moves labels apart that would overlap, in the order of their places. */
function apart<Label extends { readonly y: number }>(labels: readonly Label[]): Label[] {
  let lowest = Number.NEGATIVE_INFINITY;
  return [...labels]
    .sort((a, b) => a.y - b.y)
    .map((label) => {
      const y = Math.max(label.y, lowest + LINE_HEIGHT);
      lowest = y;
      return { ...label, y };
    });
}

function textMark(x: number, y: number, text: string, colour: string, role: Text['role'] = 'plain'): Text {
  return { kind: 'text', x, y, text, colour, role };
}
