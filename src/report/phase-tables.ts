import {
  type Column,
  formatBytes,
  formatCount,
  formatRatio,
  formatShare,
  tableInBlocks,
  tableThatFits,
} from '../base/index.js';
import type { PhaseResult } from '../run/index.js';

type Row = readonly [label: string, cell: (phase: PhaseResult) => string];

const MEMORY_ROWS: readonly Row[] = [
  ['used_memory', ({ memory }) => formatBytes(memory.usedMemory)],
  ['allocated', ({ memory }) => formatBytes(memory.allocated)],
  ['active', ({ memory }) => formatBytes(memory.active)],
  ['resident', ({ memory }) => formatBytes(memory.resident)],
  ['mapped', ({ memory }) => formatBytes(memory.mapped)],
  ['retained', ({ memory }) => formatBytes(memory.retained)],
  ['dirty', ({ memory }) => formatBytes(memory.dirty)],
  ['muzzy', ({ memory }) => formatBytes(memory.muzzy)],
  ['metadata', ({ memory }) => formatBytes(memory.metadata)],
  ['active/allocated', ({ memory }) => formatRatio(memory.fragmentationRatio)],
];

const DRAINPROF_ROWS: readonly Row[] = [
  ['regions live', ({ drainprof }) => formatCount(drainprof.live)],
  ['regions parked', ({ drainprof }) => formatCount(drainprof.parked)],
  ['allocations', ({ drainprof }) => formatCount(drainprof.allocs)],
  ['deallocations', ({ drainprof }) => formatCount(drainprof.deallocs)],
  ['slabs opened', ({ drainprof }) => formatCount(drainprof.opened)],
  ['slabs drained', ({ drainprof }) => formatCount(drainprof.drained)],
  ['slabs tracked', ({ drainprof }) => formatCount(drainprof.tracked)],
  ['drainable', ({ drainprof }) => formatCount(drainprof.drainable)],
  ['pinned', ({ drainprof }) => formatCount(drainprof.pinned)],
  ['DSR', ({ drainprof }) => formatShare(drainprof.dsr)],
  ['cohort DSR', ({ drainprof }) => formatShareOrNone(drainprof.cohortDsr)],
  ['above minimum', ({ drainprof }) => `${formatCount(drainprof.slabsAboveMinimum)}`],
  ['  in bytes', ({ drainprof }) => formatBytes(drainprof.bytesAboveMinimum)],
  ['reconciled', ({ drainprof }) => (drainprof.reconciled ? 'yes' : 'NO')],
];

const HOOK_ROWS: readonly Row[] = [
  ['registrations', ({ hookAccounting }) => formatCount(hookAccounting.registrations)],
  ['deregistrations', ({ hookAccounting }) => formatCount(hookAccounting.deregistrations)],
  ['slabs seen', ({ hookAccounting }) => formatCount(hookAccounting.slabsSeen)],
  ['slabs there', ({ hookAccounting }) => formatCount(hookAccounting.slabsThere)],
  ['live believed', ({ hookAccounting }) => formatCount(hookAccounting.liveBelieved)],
  ['live there', ({ hookAccounting }) => formatCount(hookAccounting.liveThere)],
  ['live error', ({ hookAccounting: { liveBelieved, liveThere } }) => signed(liveBelieved - liveThere)],
];

export function memoryTable(phases: readonly PhaseResult[], width: number): string[] {
  return sideBySide('memory', MEMORY_ROWS, phases, width);
}

export function drainprofTable(phases: readonly PhaseResult[], width: number): string[] {
  return sideBySide('drainprof', DRAINPROF_ROWS, phases, width);
}

/** Returns the counts of the hooks at the chosen placement, next to the true counts. */
export function hookTable(phases: readonly PhaseResult[], width: number): string[] {
  const hooks = phases[0]?.hookAccounting.hooks ?? '';
  return sideBySide(`hooks: ${hooks}`, HOOK_ROWS, phases, width);
}

/** Returns a table with a row for each phase, for runs with many phases. */
export function timelineTable(phases: readonly PhaseResult[], width: number): string[] {
  const column = (title: string, cell: (phase: PhaseResult) => string): Column => ({
    title,
    cells: phases.map(cell),
  });
  return tableThatFits(
    column('phase', ({ name }) => name),
    [
      column('used', ({ memory }) => formatBytes(memory.usedMemory)),
      column('slabs', ({ drainprof }) => formatCount(drainprof.tracked)),
      column('cohort', ({ drainprof }) => formatShareOrNone(drainprof.cohortDsr)),
      column('active', ({ memory }) => formatBytes(memory.active)),
      column('resident', ({ memory }) => formatBytes(memory.resident)),
      column('drainable', ({ drainprof }) => formatCount(drainprof.drainable)),
      column('position', ({ position }) => formatCount(position)),
    ],
    width,
  );
}

function sideBySide(
  title: string,
  rows: readonly Row[],
  phases: readonly PhaseResult[],
  width: number,
): string[] {
  const label = { title, cells: rows.map(([name]) => name) };
  const columns = phases.map((phase) => ({ title: phase.name, cells: rows.map(([, cell]) => cell(phase)) }));
  return tableInBlocks(label, columns, width);
}

function formatShareOrNone(share: number | null): string {
  return share === null ? '-' : formatShare(share);
}

function signed(count: number): string {
  return count > 0 ? `+${formatCount(count)}` : formatCount(count);
}
