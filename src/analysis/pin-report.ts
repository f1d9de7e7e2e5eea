import {
  type Column,
  formatBytes,
  formatCount,
  plural,
  shortened,
  tableThatFits,
  wrap,
} from '../base/index.js';
import type { Ages, PinReport, SlabSurvivors } from './pins.js';
import { ownerName } from './region-owner.js';

const MAX_ROWS = 10;
const MAX_SHARING_OWNERS = 3;

/** Returns the report of what pins slabs at the end of a phase: patterns first, then owners by size class. */
export function pinReportLines(phase: string, report: PinReport, width: number): string[] {
  const { patterns, owners, slab } = report;
  return [
    ...wrap(summary(phase, report), width),
    '',
    ...table('pinned by', patterns, (group) => patternName(group), width),
    '',
    ...table('class pinned by', owners, (owner) => `${owner.size} ${ownerName(owner)}`, width),
    ...together(owners, width),
    ...(slab === undefined ? [] : ['', ...slabLines(slab, width)]),
  ];
}

function summary(phase: string, report: PinReport): string {
  const { pinned, pinnedBytes, pinnedByOnePattern } = report;
  const sentence =
    `At ${phase}, ${plural(pinned, 'slab')} (${formatBytes(pinnedBytes)}) are pinned, ` +
    `${formatCount(pinnedByOnePattern)} of them by one pattern of keys or one part of the server alone.`;
  const remedy = goneSentence(report);
  return remedy === null ? sentence : `${sentence} ${remedy}`;
}

/** Returns the sentence on what would come back without the pattern that pins most; null if nothing would. */
export function goneSentence({ patterns }: Pick<PinReport, 'patterns'>): string | null {
  const first = patterns.find(({ pattern }) => pattern !== null);
  if (first === undefined || first.alone === 0) return null;
  return (
    `If ${first.pattern} were gone, ${formatCount(first.alone)} slabs and large extents would ` +
    `come back: ${formatBytes(first.aloneBytes)}.`
  );
}

type Group = PinReport['patterns'][number] | PinReport['owners'][number];

function table<G extends Group>(
  title: string,
  groups: readonly G[],
  name: (group: G) => string,
  width: number,
): string[] {
  const shown = groups.slice(0, MAX_ROWS);
  const column = (heading: string, cell: (group: G) => string): Column => ({
    title: heading,
    cells: shown.map(cell),
  });
  const lines = tableThatFits(
    { title, cells: shown.map((group) => shortened(name(group))) },
    [
      column('alone', ({ alone }) => formatCount(alone)),
      column('come back', ({ aloneBytes }) => formatBytes(aloneBytes)),
      column('slabs', ({ slabs }) => formatCount(slabs)),
      column('regions', ({ regions }) => formatCount(regions)),
      column('oldest', ({ ages }) => ageOf(ages)),
      column('e.g.', ({ example }) => `${example}`),
    ],
    width,
  );
  const left = groups.length - shown.length;
  return left === 0 ? lines : [...lines, `and ${formatCount(left)} more: see --json`];
}

/** Returns a sentence for each owner that shares most slabs with others, and names those. */
function together(owners: PinReport['owners'], width: number): string[] {
  const sharing = owners
    .filter(({ slabs, alone }) => slabs > alone)
    .sort((left, right) => right.slabs - right.alone - (left.slabs - left.alone))
    .slice(0, MAX_SHARING_OWNERS);
  const lines = sharing.flatMap((owner) => {
    const { size, slabs, alone } = owner;
    const others = owner.together.map((other) => `${ownerName(other)} in ${formatCount(other.slabs)}`);
    const name = `${size} ${ownerName(owner)}`;
    return wrap(`${name} shares ${plural(slabs - alone, 'slab')}: with ${others.join(', ')}.`, width);
  });
  return lines.length === 0 ? [] : ['', ...lines];
}

/** Returns the survivors of one slab; `slab` is null if it is not open. */
function slabLines(slab: SlabSurvivors | null, width: number): string[] {
  if (slab === null) return ['The slab that was asked for is not open now.'];
  const { page, pages, size, live, parked, free, openMs, survivors } = slab;
  const title =
    `Slab at page ${page} (${plural(pages, 'page')}, class ${size}): ${formatCount(live)} live, ` +
    `${formatCount(parked)} parked, ${formatCount(free)} free; open for ${formatMs(openMs)}.`;
  const column = (
    heading: string,
    cell: (survivor: SlabSurvivors['survivors'][number]) => string,
  ): Column => ({
    title: heading,
    cells: survivors.map(cell),
  });
  return [
    ...wrap(title, width),
    ...tableThatFits(
      { title: 'survivors', cells: survivors.map((survivor) => shortened(ownerName(survivor))) },
      [
        column('regions', ({ regions }) => formatCount(regions)),
        column('youngest', ({ ages }) => (ages === null ? '-' : formatMs(ages.youngestMs))),
        column('oldest', ({ ages }) => (ages === null ? '-' : formatMs(ages.oldestMs))),
        column('in commands', ({ ages }) =>
          ages === null
            ? '-'
            : `${formatCount(ages.youngestCommands)} to ${formatCount(ages.oldestCommands)}`,
        ),
      ],
      width,
    ),
  ];
}

function patternName({ pattern, subject }: PinReport['patterns'][number]): string {
  return pattern ?? `(${subject})`;
}

/** Returns an age in time; in commands if the virtual clock stands still. */
function ageOf(ages: Ages | null): string {
  if (ages === null) return '-';
  return ages.oldestMs > 0 ? formatMs(ages.oldestMs) : `${formatCount(ages.oldestCommands)} cmds`;
}

/** Formats virtual time with a fitting unit. */
function formatMs(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  const seconds = ms / 1000;
  if (seconds < 600) return `${seconds.toFixed(1)} s`;
  return seconds < 36_000 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
