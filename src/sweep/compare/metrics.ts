/** The figures of a run that must not move by themselves, by the names that they have in the result. */
import type {
  BinRow,
  DrainprofTotals,
  HookAccounting,
  LargeRow,
  MemoryTotals,
  SystemCalls,
} from '../../engine/snapshot.js';
import { InputError } from '../../trace/index.js';
import type { PhaseResult } from '../run-result.js';

/** Which way is better; `neither` where that depends on what is wanted. */
export type Wish = 'low' | 'high' | 'neither';

type Wishes<Row> = Readonly<Record<keyof Row, Wish>>;

// Records over all the names there are, so that a figure that is added to a result is compared, or does not compile.

const PHASE: Wishes<Pick<PhaseResult, 'commands' | 'operations' | 'virtualMs'>> = {
  commands: 'neither',
  operations: 'neither',
  virtualMs: 'neither',
};

const MEMORY: Wishes<MemoryTotals> = {
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

const SYSTEM: Wishes<SystemCalls> = {
  maps: 'neither',
  unmaps: 'neither',
  unmappedBytes: 'neither',
  forcedPurges: 'neither',
  forcedPurgedBytes: 'neither',
  lazyPurges: 'neither',
  lazyPurgedBytes: 'neither',
};

/** A survey that did not reconcile is an error, and gives no figures. */
const DRAINPROF: Wishes<Omit<DrainprofTotals, 'reconciled'>> = {
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

const HOOKS: Wishes<Omit<HookAccounting, 'hooks'>> = {
  registrations: 'neither',
  deregistrations: 'neither',
  slabsSeen: 'neither',
  slabsThere: 'neither',
  liveBelieved: 'neither',
  liveThere: 'neither',
};

const BINS: Wishes<Omit<BinRow, 'size'>> = {
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

const LARGE: Wishes<Omit<LargeRow, 'size'>> = { count: 'neither' };

/** Of a slab of the class, not of the run: there to be compared only where both sides have used the class. */
const OF_A_SLAB: readonly string[] = ['bins.regs', 'bins.pages'];

const GROUPS = {
  memory: MEMORY,
  system: SYSTEM,
  drainprof: DRAINPROF,
  hookAccounting: HOOKS,
  bins: BINS,
  large: LARGE,
} as const;

const WISHES = new Map<string, Wish>(Object.entries(PHASE));
for (const [group, wishes] of Object.entries(GROUPS)) {
  for (const [name, wish] of Object.entries(wishes)) WISHES.set(`${group}.${name}`, wish);
}

/** Speed in WebAssembly as a share of the native twin's in the same run. Not deterministic. */
export const OF_NATIVE = 'timing.ofNative';

/** Deterministic ones. */
export const METRICS: readonly string[] = [...WISHES.keys()];
/** A threshold can be for all of a group, or for all there is. */
export const METRIC_GROUPS: readonly string[] = [...Object.keys(GROUPS), '*'];

export function wishOf(metric: string): Wish {
  return WISHES.get(metric) ?? 'neither';
}

/** "memory" of "memory.resident" */
export function groupOf(metric: string): string {
  return metric.includes('.') ? metric.slice(0, metric.indexOf('.')) : '';
}

export interface Figure {
  readonly metric: string;
  /** Bytes, of what is counted for each class; else null. */
  readonly sizeClass: number | null;
  /** Null where nothing was measured: no cohort was marked. */
  readonly value: number | null;
}

/** What a class has that it does not appear with, or undefined: nothing of it is there to be compared. */
export function figureOfUnusedClass({ metric, sizeClass }: Figure): number | undefined {
  return sizeClass === null || OF_A_SLAB.includes(metric) ? undefined : 0;
}

/** `where` is for what is wrong with a result that was read from a file. */
export function* figuresOfPhase(phase: PhaseResult, where: string): Generator<Figure> {
  const read = (of: object, metric: string, sizeClass: number | null): Figure => {
    const name = metric.slice(metric.indexOf('.') + 1);
    const value = (of as Readonly<Record<string, unknown>>)[name];
    if (typeof value === 'number' || (metric === 'drainprof.cohortDsr' && value === null)) {
      return { metric, sizeClass, value };
    }
    const ofClass = sizeClass === null ? '' : ` of class ${sizeClass}`;
    throw new InputError(
      `${where}: phase ${phase.name}: \`${metric}\`${ofClass} is not a number; the file is damaged, or not a result`,
    );
  };
  for (const name of Object.keys(PHASE)) yield read(phase, name, null);
  for (const group of ['memory', 'system', 'drainprof', 'hookAccounting'] as const) {
    for (const name of Object.keys(GROUPS[group])) yield read(Object(phase[group]), `${group}.${name}`, null);
  }
  for (const group of ['bins', 'large'] as const) {
    for (const row of rowsOf(phase, group, where)) {
      for (const name of Object.keys(GROUPS[group])) yield read(row, `${group}.${name}`, row.size);
    }
  }
}

function rowsOf(phase: PhaseResult, group: 'bins' | 'large', where: string): readonly (BinRow | LargeRow)[] {
  const rows: unknown = phase[group];
  if (Array.isArray(rows) && rows.every((row) => typeof Object(row).size === 'number')) return rows;
  throw new InputError(
    `${where}: phase ${phase.name}: \`${group}\` is not a list of size classes; the file is damaged, or not a result`,
  );
}
