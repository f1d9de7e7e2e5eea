/** Groups the cells of a sweep that differ only in their seed, which are repetitions of one setting. */
import type { Figures } from './figures.js';
import type { Grid } from './grid/grid.js';
import type { SettingGroup, SweepCell } from './sweep-result.js';

const SEED = 'seed';

export type Measured = SweepCell & { readonly figures: Figures };

export function hasSeeds({ axes }: Pick<Grid, 'axes'>): boolean {
  return axes.some(({ name, values }) => name === SEED && values.length > 1);
}

/** Returns the groups in the order of their first cells. */
export function groupsOf({ axes }: Pick<Grid, 'axes'>, measured: readonly Measured[]): SettingGroup[] {
  const names = axes.map(({ name }) => name).filter((name) => name !== SEED || axes.length === 1);
  const groups = new Map<string, Measured[]>();
  for (const cell of measured) {
    const key = JSON.stringify(hasSeeds({ axes }) ? withoutSeed(cell.values, names) : cell.cell);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].map((cells) => ({
    cells: cells.map(({ cell }) => cell),
    values: withoutSeed(cells[0]!.values, names),
    mean: combined(cells, (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    least: combined(cells, (values) => Math.min(...values)),
    most: combined(cells, (values) => Math.max(...values)),
  }));
}

function withoutSeed(values: SweepCell['values'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.filter((name) => name !== SEED).map((name) => [name, values[name] ?? '']));
}

function combined(cells: readonly Measured[], combine: (values: readonly number[]) => number): Figures {
  const of = (name: keyof Figures) => combine(cells.map(({ figures }) => figures[name] ?? 0));
  const hasCohort = cells.every(({ figures }) => figures.cohortDsr !== null);
  return {
    peakResident: of('peakResident'),
    steadyResident: of('steadyResident'),
    cohortDsr: hasCohort ? of('cohortDsr') : null,
    purgeWork: of('purgeWork'),
    usedMemory: of('usedMemory'),
  };
}
