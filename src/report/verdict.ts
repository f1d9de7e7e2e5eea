import { formatBytes, formatCount, formatShare, plural } from '../base/index.js';
import type { BinRow } from '../engine/index.js';
import type { PhaseResult } from '../run/index.js';
/** The known contents of regions by size class, for example "value string" for 1024. */
export type ClassContents = ReadonlyMap<number, readonly string[]>;

export interface VerdictInput {
  readonly phases: readonly PhaseResult[];
  readonly contents: ClassContents;
  readonly pageSize: number;
}

/** The sentences of a verdict; empty where there is nothing to say. */
export interface Verdict {
  /** The slabs that came back, or that are pinned. */
  readonly slabs: string;
  /** The memory that packing could free. */
  readonly packing: string;
  /** The memory that decay could free. */
  readonly waiting: string;
}

/** `hasServer` is whether the traffic is a server's. A recorded program has no active defragmentation. */
export function verdict(phases: readonly PhaseResult[], hasServer: boolean): Verdict {
  const first = phases[0];
  const last = phases.at(-1);
  if (first === undefined || last === undefined)
    return { slabs: 'Nothing was measured.', packing: '', waiting: '' };
  const marked = sum(last.bins, (bin) => bin.cohort);
  return {
    slabs: first === last || marked === 0 ? pinnedSlabs(last) : returned(first, last, marked),
    packing: packing(last, hasServer),
    waiting: dirtyPages(last),
  };
}

function pinnedSlabs({ drainprof: { tracked, pinned } }: PhaseResult): string {
  return `${formatCount(pinned)} of ${plural(tracked, 'slab')} are pinned by at least one live region.`;
}

function returned(first: PhaseResult, last: PhaseResult, marked: number): string {
  const back = sum(last.bins, (bin) => bin.cohortDrained);
  const before = first.drainprof.live;
  const freed = before - last.drainprof.live;
  const change =
    freed > 0
      ? `${formatCount(freed)} of ${formatCount(before)} live regions (${formatShare(freed / before)}) were freed`
      : 'no region was freed on balance';
  return (
    `From \`${first.name}\` to \`${last.name}\` ${change}; ` +
    `${formatCount(back)} of the ${plural(marked, 'slab')} came back (${formatShare(back / marked)}).`
  );
}

/** Describes the class with most slab memory in the last phase; empty if there is none. */
export function largestClass({ phases, contents, pageSize }: VerdictInput): string {
  const last = phases.at(-1);
  if (last === undefined) return '';
  const [top] = [...last.bins].sort((a, b) => b.curslabs * b.pages - a.curslabs * a.pages);
  if (top === undefined || top.curslabs === 0) return '';
  const slabBytes = top.curslabs * top.pages * pageSize;
  // Free regions in a slab without live regions are returned with the slab, so they are not counted.
  const freeBytes = (top.free + top.parked - top.drainable * top.regs) * top.size;
  const what = contents.get(top.size);
  const holder = what === undefined ? '' : ` (${what.join(', ')})`;
  const head = `Class ${top.size}${holder} holds most: ${plural(top.curslabs, 'slab')}, ${formatBytes(slabBytes)}`;
  const pinned = top.curslabs - top.drainable;
  if (pinned === 0) return `${head}, none of it pinned.`;
  const which = pinned === top.curslabs ? 'all of them' : formatCount(pinned);
  const average = (top.live / pinned).toFixed(1);
  const outcome =
    freeBytes === 0
      ? 'nothing in these is free'
      : `${formatBytes(freeBytes)} of free regions in these cannot be given back`;
  return `${head}. Survivors pin ${which}, on average ${average} of ${plural(top.regs, 'region')} a slab: ${outcome}.`;
}

function packing({ drainprof }: PhaseResult, hasServer: boolean): string {
  const { slabsAboveMinimum, bytesAboveMinimum, tracked } = drainprof;
  if (tracked === 0) return '';
  if (slabsAboveMinimum === 0) return 'The survivors could not be packed into fewer slabs.';
  const what = hasServer ? 'Active defragmentation' : 'Packing the survivors tightly';
  return (
    `${what} would free at most ${formatBytes(bytesAboveMinimum)}: ${formatCount(slabsAboveMinimum)} of ` +
    `${plural(tracked, 'slab')} are open only because survivors are scattered.`
  );
}

function dirtyPages({ memory: { dirty, muzzy } }: PhaseResult): string {
  const waiting = dirty + muzzy;
  return waiting === 0
    ? ''
    : `${formatBytes(waiting)} of given-back pages are still resident until decay or a purge.`;
}

function sum(bins: readonly BinRow[], value: (bin: BinRow) => number): number {
  return bins.reduce((total, bin) => total + value(bin), 0);
}
