/** The metrics that a comparison checks, by their names in the result, with the direction that is better. */
import type {
  BinRow,
  DrainprofTotals,
  HookAccounting,
  LargeRow,
  MemoryTotals,
  SystemCalls,
} from '../engine/index.js';
import type { PhaseResult } from '../run/index.js';
import { ACCOUNT_GROUPS } from './account-metrics.js';
import type { BetterWhen, BetterWhenByFigure } from './better-when.js';
import { damaged, type Figure, readFigures, WHOLE_PHASE, type Where } from './figure.js';

const PHASE: BetterWhenByFigure<Pick<PhaseResult, 'commands' | 'operations' | 'virtualMs'>> = {
  commands: 'neither',
  operations: 'neither',
  virtualMs: 'neither',
};

const MEMORY: BetterWhenByFigure<MemoryTotals> = {
  allocated: 'low',
  active: 'low',
  resident: 'low',
  peakResident: 'low',
  mapped: 'low',
  retained: 'neither',
  dirty: 'low',
  muzzy: 'low',
  metadata: 'low',
  usedMemory: 'low',
  fragmentationRatio: 'low',
};

const SYSTEM: BetterWhenByFigure<SystemCalls> = {
  maps: 'neither',
  unmaps: 'neither',
  unmappedBytes: 'neither',
  forcedPurges: 'neither',
  forcedPurgedBytes: 'neither',
  lazyPurges: 'neither',
  lazyPurgedBytes: 'neither',
};

/** A survey that did not reconcile is an error, and gives no figures. */
const DRAINPROF: BetterWhenByFigure<Omit<DrainprofTotals, 'reconciled'>> = {
  allocs: 'neither',
  deallocs: 'neither',
  live: 'neither',
  parked: 'low',
  opened: 'neither',
  drained: 'neither',
  tracked: 'low',
  drainable: 'neither',
  pinned: 'low',
  dsr: 'neither',
  cohortDsr: 'high',
  slabsAboveMinimum: 'low',
  bytesAboveMinimum: 'low',
};

const HOOKS: BetterWhenByFigure<Omit<HookAccounting, 'hooks'>> = {
  registrations: 'neither',
  deregistrations: 'neither',
  slabsSeen: 'neither',
  slabsThere: 'neither',
  liveBelieved: 'neither',
  liveThere: 'neither',
};

const BINS: BetterWhenByFigure<Omit<BinRow, 'size'>> = {
  regs: 'neither',
  pages: 'neither',
  curregs: 'neither',
  curslabs: 'low',
  nonfullSlabs: 'low',
  live: 'neither',
  parked: 'low',
  free: 'low',
  drainable: 'neither',
  opened: 'neither',
  drained: 'neither',
  cohort: 'neither',
  cohortDrained: 'high',
};

const LARGE: BetterWhenByFigure<Omit<LargeRow, 'size'>> = { count: 'neither' };

/** Figures of a class rather than of the run, which are compared only if both sides have used the class. */
const OF_A_SLAB: readonly string[] = ['bins.regs', 'bins.pages'];

const GROUPS = {
  memory: MEMORY,
  system: SYSTEM,
  drainprof: DRAINPROF,
  hookAccounting: HOOKS,
  bins: BINS,
  large: LARGE,
  ...ACCOUNT_GROUPS,
} as const;

const BETTER_WHEN = new Map<string, BetterWhen>(Object.entries(PHASE));
for (const [group, directions] of Object.entries(GROUPS)) {
  for (const [name, direction] of Object.entries(directions)) BETTER_WHEN.set(`${group}.${name}`, direction);
}

/** Speed in WebAssembly as a share of the native twin's in the same run. Not deterministic. */
export const OF_NATIVE = 'timing.ofNative';

/** The deterministic metrics. */
export const METRICS: readonly string[] = [...BETTER_WHEN.keys()];
/** The groups that a threshold can be for; `*` is for all metrics. */
export const METRIC_GROUPS: readonly string[] = [...Object.keys(GROUPS), '*'];

export function betterWhenOf(metric: string): BetterWhen {
  return BETTER_WHEN.get(metric) ?? 'neither';
}

/** Returns the groups of a metric, nearest first: "owners.patterns" and "owners" for "owners.patterns.slabs". */
export function groupsOf(metric: string): string[] {
  const parts = metric.split('.').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
}

/** Returns the value of a figure whose row is absent: 0; undefined if it cannot be compared. */
export function figureOfUnused({ metric, sizeClass, owner }: Figure): number | undefined {
  return (sizeClass === null && owner === null) || OF_A_SLAB.includes(metric) ? undefined : 0;
}

/** Yields the figures of a phase, except those of its accounts. `result` is its name in errors. */
export function* figuresOfPhase(phase: PhaseResult, result: string): Generator<Figure> {
  const where = { result, phase: phase.name };
  yield* readFigures(phase, '', Object.keys(PHASE), WHOLE_PHASE, where);
  for (const group of ['memory', 'system', 'drainprof', 'hookAccounting'] as const) {
    yield* readFigures(phase[group], group, Object.keys(GROUPS[group]), WHOLE_PHASE, where);
  }
  for (const group of ['bins', 'large'] as const) {
    for (const row of rowsOf(phase, group, where)) {
      const ofClass = { sizeClass: row.size, owner: null };
      yield* readFigures(row, group, Object.keys(GROUPS[group]), ofClass, where);
    }
  }
}

function rowsOf(phase: PhaseResult, group: 'bins' | 'large', where: Where): readonly (BinRow | LargeRow)[] {
  const rows: unknown = phase[group];
  if (Array.isArray(rows) && rows.every((row) => typeof Object(row).size === 'number')) return rows;
  throw damaged(where, `\`${group}\` is not a list of size classes`);
}
