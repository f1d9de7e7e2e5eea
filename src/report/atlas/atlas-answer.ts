/** The sentence of an atlas: which axis moves a figure, where it does, and where it does not. */
import { formatShare } from '../../base/index.js';
import type { AtlasAxis } from '../../map/index.js';
import { commonObjectives, compareCosts, costsOf, type Objective } from '../../sweep/index.js';
import { type Atlas, type AtlasCell, FIGURE_TITLES, figureText, isGain, valueText } from './atlas.js';

export interface AtlasAnswer {
  readonly sentence: string;
  readonly reason: string;
  /** The best cell by the figure; null if none is measured. */
  readonly best: number | null;
}

/** The share of the worst figure below which runs count as equal. */
const EQUAL = 0.01;

export function atlasAnswer(atlas: Atlas, figure: Objective): AtlasAnswer {
  const measured = atlas.cells.filter((cell) => figureOf(cell, figure) !== null);
  const values = measured.map((cell) => figureOf(cell, figure)!);
  if (values.length === 0) return { sentence: 'No run is measured yet.', reason: '', best: null };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [good, bad] = isGain(figure) ? [high, low] : [low, high];
  const tied = measured.filter((cell) => figureOf(cell, figure) === good);
  // The other figures decide between equal cells, as in the table of a sweep.
  const [best] = tied.sort((a, b) => compareCosts(costsIn(a, measured), costsIn(b, measured))) as [AtlasCell];
  const name = FIGURE_TITLES[figure].toLowerCase();
  const text = (value: number) => figureText(figure, value);
  const least = EQUAL * high;
  if (high - low <= least) {
    const all = `No setting moves it: all ${values.length} runs have ${text(high)}`;
    return { sentence: `${all}, ${name}.`, reason: '', best: best.cell };
  }
  const effects = effectsOf(atlas.axes, measured, figure);
  const idle = effects.filter(({ most }) => most <= least).map(({ axis }) => axis.name);
  return {
    sentence: `${text(good)} instead of ${text(bad)}, ${name}: ${settingsOf(best, idle)}.`,
    reason: reasonOf(effects, figure, least),
    best: best.cell,
  };
}

function costsIn({ figures }: AtlasCell, measured: readonly AtlasCell[]): number[] {
  return costsOf(figures!, commonObjectives(measured.map((cell) => cell.figures!)));
}

export function figureOf({ figures }: AtlasCell, figure: Objective): number | null {
  return figures?.[figure] ?? null;
}

/** Returns the settings of a cell; those that move nothing are not what makes it the best. */
function settingsOf({ values }: AtlasCell, idle: readonly string[]): string {
  const all = Object.entries(values);
  const moving = all.filter(([name]) => !idle.includes(name));
  return (moving.length === 0 ? all : moving)
    .map(([name, value]) => `${name} ${valueText(name, value)}`)
    .join(', ');
}

/** The distance by which an axis moves a figure: at each combination of the other axes, and at most. */
interface Effect {
  readonly axis: AtlasAxis;
  readonly spans: readonly Span[];
  readonly most: number;
}

/** Returns the effects of the axes, the largest first. */
function effectsOf(axes: readonly AtlasAxis[], cells: readonly AtlasCell[], figure: Objective): Effect[] {
  return axes
    .map((axis) => ({ axis, spans: spansOf(axis, cells, figure) }))
    .map((each) => ({ ...each, most: Math.max(0, ...each.spans.map(({ span }) => span)) }))
    .sort((a, b) => b.most - a.most);
}

/** Says of the axes with the largest effects at which values of another axis they have none. */
function reasonOf(ranked: readonly Effect[], figure: Objective, least: number): string {
  const axes = ranked.map(({ axis }) => axis);
  const idle = ranked.filter(({ most }) => most <= least).map(({ axis }) => axis.name);
  const texts = ranked
    .filter(({ most }) => most > least)
    .slice(0, 2)
    .map(({ axis, spans, most }) => {
      const moves = `${axis.name} moves it by up to ${figureText(figure, most)}`;
      const others = axes.filter((other) => other !== axis && other.values.length > 1);
      const still = others.flatMap((other) =>
        other.values
          .filter((value) => isStill(spans, other.name, value, least))
          .map((value) => `${other.name} ${valueText(other.name, value)}`),
      );
      return still.length === 0 ? `${moves}.` : `${moves}, but not with ${still.join(' or ')}.`;
    });
  if (idle.length > 0) texts.push(`${idle.join(' and ')} ${idle.length === 1 ? 'does' : 'do'} not move it.`);
  return texts.join(' ');
}

interface Span {
  /** The values of the other axes. */
  readonly at: Readonly<Record<string, string>>;
  readonly span: number;
}

/** Returns how far the figure moves along an axis, for each combination of the other axes. */
function spansOf({ name }: AtlasAxis, cells: readonly AtlasCell[], figure: Objective): Span[] {
  const groups = new Map<string, AtlasCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify({ ...cell.values, [name]: '' });
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].map((group) => {
    const values = group.map((cell) => figureOf(cell, figure)!);
    return { at: group[0]!.values, span: Math.max(...values) - Math.min(...values) };
  });
}

function isStill(spans: readonly Span[], axis: string, value: string, least: number): boolean {
  const there = spans.filter(({ at }) => at[axis] === value);
  return there.length > 0 && there.every(({ span }) => span <= least);
}

/** Returns the change of a cell's figure against the worst one of the atlas; empty if there is none. */
export function changeText(cell: AtlasCell, atlas: Atlas, figure: Objective): string {
  const value = figureOf(cell, figure);
  const values = atlas.cells.map((each) => figureOf(each, figure)).filter((each) => each !== null);
  if (value === null || values.length === 0) return '';
  const worst = isGain(figure) ? Math.min(...values) : Math.max(...values);
  const change = value - worst;
  if (Math.abs(change) < EQUAL * Math.abs(worst)) return '';
  const text = figure === 'cohortDsr' ? formatShare(Math.abs(change)) : figureText(figure, Math.abs(change));
  return `${change < 0 ? '−' : '+'}${text}`;
}
