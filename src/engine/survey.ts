/** Assembles a Snapshot from the lab's records. */
import type { BuildInfo } from './engine.js';
import { type ColumnField, type Compiled, type Rows, record, type Surveyed } from './port.js';
import { regionColumns } from './regions.js';
import type {
  BinRow,
  DefragTotals,
  DrainprofTotals,
  ExtentColumns,
  GranuleColumns,
  HookAccounting,
  HookMode,
  LargeRow,
  MemoryTotals,
  Snapshot,
  SystemCalls,
} from './snapshot.js';

interface SurveyContext {
  readonly phase: number;
  readonly position: number;
  readonly hooks: HookMode;
  readonly info: BuildInfo;
  readonly withRegions: boolean;
}

type Numbers = Record<string, number>;

export function assembleSnapshot(surveyed: Surveyed, compiled: Compiled, about: SurveyContext): Snapshot {
  const totals = record(compiled.totalFields, surveyed.totals, 0);
  const count = surveyed.classes.length / compiled.classFields.length;
  const classes = Array.from({ length: count }, (_, i) => record(compiled.classFields, surveyed.classes, i));
  const { smallClasses } = about.info;
  const granules = columnsOf<GranuleColumns>(compiled.granuleFields, surveyed.granules);
  return {
    phase: about.phase,
    position: about.position,
    virtualMs: totals.virtualMs!,
    memory: memoryOf(totals),
    system: systemOf(totals),
    drainprof: drainprofOf(totals),
    hookAccounting: hookAccountingOf(totals, about.hooks),
    ...(totals.defragKnown === 1 ? { defrag: defragOf(totals) } : {}),
    bins: classes
      .slice(0, smallClasses)
      .filter((row) => row.opened !== 0)
      .map((row) => row as unknown as BinRow),
    large: classes
      .slice(smallClasses)
      .filter((row) => row.curregs !== 0)
      .map((row): LargeRow => ({ size: row.size!, count: row.curregs! })),
    granules,
    unused: columnsOf<ExtentColumns>(compiled.extentFields, surveyed.extents),
    regions: about.withRegions ? regionColumns(granules, surveyed, about.info) : null,
  };
}

function columnsOf<Columns>(fields: readonly ColumnField[], { count, columns }: Rows): Columns {
  return {
    count,
    ...Object.fromEntries(fields.map(({ name }, f) => [name, columns[f]])),
  } as unknown as Columns;
}

function memoryOf(totals: Numbers): MemoryTotals {
  const { allocated, active, resident, peakResident, mapped, retained, dirty, muzzy, metadata, usedMemory } =
    totals as unknown as MemoryTotals;
  const fragmentationRatio = ratio(active, allocated);
  return {
    allocated,
    active,
    resident,
    peakResident,
    mapped,
    retained,
    dirty,
    muzzy,
    metadata,
    usedMemory,
    fragmentationRatio,
  };
}

function systemOf(totals: Numbers): SystemCalls {
  const { maps, unmaps, unmappedBytes, forcedPurges, forcedPurgedBytes, lazyPurges, lazyPurgedBytes } =
    totals as unknown as SystemCalls;
  return { maps, unmaps, unmappedBytes, forcedPurges, forcedPurgedBytes, lazyPurges, lazyPurgedBytes };
}

function drainprofOf(totals: Numbers): DrainprofTotals {
  const { allocs, deallocs, live, parked, opened, drained, tracked, drainable } =
    totals as unknown as DrainprofTotals;
  return {
    allocs,
    deallocs,
    live,
    parked,
    opened,
    drained,
    tracked,
    drainable,
    pinned: tracked - drainable,
    dsr: ratio(drainable, tracked),
    cohortDsr: totals.cohortMarked ? ratio(totals.cohortDrained!, totals.cohort!) : null,
    slabsAboveMinimum: totals.slabsAboveMinimum!,
    bytesAboveMinimum: totals.bytesAboveMinimum!,
    reconciled: totals.reconciled === 1,
  };
}

function hookAccountingOf(totals: Numbers, hooks: HookMode): HookAccounting {
  return {
    hooks,
    registrations: totals.allocs!,
    deregistrations: totals.deallocs!,
    slabsSeen: totals.slabsSeen!,
    slabsThere: totals.tracked!,
    liveBelieved: totals.liveBelieved!,
    liveThere: totals.live!,
  };
}

function defragOf(totals: Numbers): DefragTotals {
  const figure = (name: string) => totals[`defrag${name}`]!;
  return {
    effort: figure('Effort'),
    hits: figure('Hits'),
    misses: figure('Misses'),
    keyHits: figure('KeyHits'),
    keyMisses: figure('KeyMisses'),
    movedBytes: figure('MovedBytes'),
    passes: figure('Passes'),
    fragmentationPercent: figure('Fragmentation'),
    fragmentationBytes: figure('FragmentedBytes'),
    firstPercent: figure('FirstFragmentation'),
    isBelowThresholds: figure('BelowThresholds') === 1,
    coreMs: figure('CostNs') / 1e6,
    serverMs: figure('ServerNs') / 1e6,
    currentMs: figure('CurrentNs') / 1e6,
    lastPass: {
      hits: figure('PassHits'),
      large: figure('Large'),
      current: figure('Current'),
      full: figure('Full'),
      alone: figure('Alone'),
      dense: figure('Dense'),
    },
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
