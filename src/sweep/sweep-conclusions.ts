/** Draws the conclusions of a sweep: its Pareto fronts and its best cell. */
import {
  commonObjectives,
  compareCosts,
  costsOf,
  type Figures,
  type Objective,
  paretoFront,
} from './figures.js';
import type { Grid } from './grid/grid.js';
import { DEFAULT_TOLERANCE, recommend } from './recommendation.js';
import { groupsOf, hasSeeds } from './setting-groups.js';
import type { Builds } from './sweep.js';
import type { BestCell, SweepCell, SweepResult, SweepTiming } from './sweep-result.js';

type Measured = SweepCell & { readonly figures: Figures };

type Conclusions = Pick<SweepResult, 'objectives' | 'pareto' | 'best' | 'groups' | 'recommendation'> &
  Pick<SweepTiming, 'paretoWithSpeed'>;

export function conclusions(
  grid: Grid,
  cells: readonly SweepCell[],
  builds: Builds,
  bestBy: Objective = 'steadyResident',
  tolerance = DEFAULT_TOLERANCE,
): Conclusions {
  const measured = cells.filter((cell): cell is Measured => cell.figures !== null);
  const objectives = commonObjectives(measured.map(({ figures }) => figures));
  const costs = measured.map(({ figures }) => costsOf(figures, objectives));
  const withSpeed = costs.map((row, index) => [...row, -(measured[index]?.timing.operationsPerSecond ?? 0)]);
  const numbers = (front: readonly number[]) => front.map((index) => measured[index]!.cell);
  const isMeasured = (objective: Objective) =>
    measured.every(({ figures }) => figures[objective] !== undefined && figures[objective] !== null);
  const sought = [bestBy, ...objectives].filter(
    (objective, index, all) => isMeasured(objective) && all.indexOf(objective) === index,
  );
  const groups = groupsOf(grid, measured);
  return {
    objectives,
    pareto: numbers(paretoFront(costs)),
    best: best(grid, measured, builds, sought),
    ...(hasSeeds(grid) ? { groups } : {}),
    recommendation: recommend(grid, groups, { builds, sought, tolerance }),
    paretoWithSpeed: numbers(paretoFront(withSpeed)),
  };
}

function best(
  { cells }: Grid,
  measured: readonly Measured[],
  builds: Builds,
  objectives: readonly Objective[],
): BestCell | null {
  const [first] = [...measured].sort((a, b) =>
    compareCosts(costsOf(a.figures, objectives), costsOf(b.figures, objectives)),
  );
  const planned = first === undefined ? undefined : cells[first.cell];
  if (planned === undefined) return null;
  const { build, conf } = planned.allocator;
  // A quantum of 16 means a distribution's jemalloc, which serves whole processes and is built without a prefix.
  const variable = builds.get(build)?.quantum === 16 ? 'MALLOC_CONF' : 'JE_MALLOC_CONF';
  return { cell: planned.cell, objectives, conf, variable };
}
