/** Recommends a setting of a sweep. Differences below a tolerance count as none, and then the defaults win. */
import { findServer, Settings, settingText } from '../model/index.js';
import { costsOf, type Objective } from './figures.js';
import type { Cell, Grid } from './grid/grid.js';
import type { Axis } from './grid/sweep-axis.js';
import type { Builds } from './sweep.js';
import type { Recommendation, SettingGroup } from './sweep-result.js';

export const DEFAULT_TOLERANCE = 0.01;

interface Basis {
  readonly builds: Builds;
  /** The objectives that decide, in this order. */
  readonly sought: readonly Objective[];
  readonly tolerance: number;
}

/** The kinds of axis that an operator chooses values of, and that have a default. */
const CHOICES: readonly Axis['kind'][] = ['conf', 'option', 'build', 'setting'];

/** Returns the setting to choose; null if none was measured. */
export function recommend(
  grid: Grid,
  groups: readonly SettingGroup[],
  { builds, sought, tolerance }: Basis,
): Recommendation | null {
  // Purges are a cost that the verdict names, and no reason to choose a setting unless they were asked for.
  const objectives = sought.filter((objective, index) => index === 0 || objective !== 'purgeWork');
  const cellOf = ({ cells }: SettingGroup) => grid.cells[cells[0]!]!;
  const isDefault = (group: SettingGroup) =>
    grid.axes.every((axis) => isDefaultValue(axis, cellOf(group), builds));
  const isChoice = grid.axes.some(({ kind }) => CHOICES.includes(kind));
  const byDefault = isChoice ? groups.find(isDefault) : undefined;
  const equal = objectives.reduce((left, objective) => bestOf(left, objective, tolerance), groups);
  const [first] = equal;
  if (first === undefined) return null;
  const isAlike = equal.length === groups.length;
  const hasDefault = byDefault !== undefined && equal.includes(byDefault);
  const chosen = hasDefault ? byDefault : cheapest(equal);
  return {
    cell: chosen.cells[0]!,
    defaultCell: byDefault?.cells[0] ?? null,
    tolerance,
    objectives,
    reason: isAlike && groups.length > 1 ? 'no difference' : hasDefault ? 'default' : 'best',
  };
}

/** Returns the groups whose mean is as good as the best, but for the tolerance or for what seeds make of it. */
function bestOf(groups: readonly SettingGroup[], objective: Objective, tolerance: number): SettingGroup[] {
  const costOf = ({ mean }: SettingGroup) => costsOf(mean, [objective])[0]!;
  const [best] = [...groups].sort((a, b) => costOf(a) - costOf(b));
  if (best === undefined) return [];
  const allowed = objective === 'cohortDsr' ? tolerance : Math.abs(costOf(best)) * tolerance;
  return groups.filter((group) => {
    const spread = Math.max(halfSpread(best, objective), halfSpread(group, objective));
    return costOf(group) - costOf(best) <= Math.max(allowed, spread);
  });
}

function halfSpread({ least, most }: SettingGroup, objective: Objective): number {
  return ((most[objective] ?? 0) - (least[objective] ?? 0)) / 2;
}

/** Returns the group that purges least, the first of equal ones. */
function cheapest(groups: readonly SettingGroup[]): SettingGroup {
  return groups.reduce((first, other) => (other.mean.purgeWork < first.mean.purgeWork ? other : first));
}

/** Whether a value is the default of a server; true for axes that have no default. */
function isDefaultValue({ name, kind }: Axis, { values, allocator, stream }: Cell, builds: Builds): boolean {
  const value = values[name] ?? '';
  const version = findServer(stream.server ?? '');
  switch (kind) {
    case 'conf':
      return value === '';
    case 'option': {
      const options: Readonly<Record<string, unknown>> = builds.get(allocator.build)?.options ?? {};
      return `${options[name] as string}` === value;
    }
    case 'build':
      return value === version?.defaultBuild;
    case 'setting':
      return version !== undefined && settingText(new Settings(version), name) === value;
    case 'server':
    case 'parameter':
    case 'seed':
      return true;
  }
}
