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

/** Of a slab of the class, not of the run: there to be compared only where both sides have used the class. */
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

const WISHES = new Map<string, BetterWhen>(Object.entries(PHASE));
for (const [group, wishes] of Object.entries(GROUPS)) {
  for (const [name, wish] of Object.entries(wishes)) WISHES.set(`${group}.${name}`, wish);
}

/** Speed in WebAssembly as a share of the native twin's in the same run. Not deterministic. */
export const OF_NATIVE = 'timing.ofNative';

/** Deterministic ones. */
export const METRICS: readonly string[] = [...WISHES.keys()];
/** A threshold can be for all of a group, or for all there is. */
export const METRIC_GROUPS: readonly string[] = [...Object.keys(GROUPS), '*'];

export function wishOf(metric: string): BetterWhen {
  return WISHES.get(metric) ?? 'neither';
}

/** "owners.patterns" and "owners" of "owners.patterns.slabs": the nearest first. */
export function groupsOf(metric: string): string[] {
  const parts = metric.split('.').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
}

/** What a class or an owner has that it does not appear with, or undefined: nothing of it is there to be compared. */
export function figureOfUnused({ metric, sizeClass, owner }: Figure): number | undefined {
  return (sizeClass === null && owner === null) || OF_A_SLAB.includes(metric) ? undefined : 0;
}

/** All but those of its accounts. `result` is for what is wrong with one that was read from a file. */
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
