import {
  type Column,
  formatBytes,
  formatCount,
  formatShare,
  plural,
  shortened,
  tableInBlocks,
  tableThatFits,
  wrap,
} from '../base/index.js';
import { lifetimeLines } from './lifetime-lines.js';
import type { Ages, Pinned, PinReport, SlabSurvivors } from './pins.js';
import { ownerName } from './region-owner.js';

const MAX_ROWS = 10;
const MAX_BIGGEST = 5;
const MAX_SHARING_OWNERS = 3;

/** The orders of owners in a report: by bytes held, keys, bytes that come back, slabs, or age. */
export const OWNER_ORDERS = ['bytes', 'keys', 'back', 'slabs', 'age'] as const;
export type OwnerOrder = (typeof OWNER_ORDERS)[number];

/** The choices of a report of owners. */
export interface OwnersView {
  readonly order?: OwnerOrder | undefined;
  /** Whether ages and examples are shown. */
  readonly hasAges?: boolean | undefined;
}

/** Returns the report of who holds memory and pins slabs at the end of a phase: patterns first, then biggest keys. */
export function pinReportLines(
  phase: string,
  report: PinReport,
  width: number,
  { order = 'bytes', hasAges = false }: OwnersView = {},
): string[] {
  const { patterns, owners, slab, biggest = [] } = report;
  return [
    ...wrap(summary(phase, report), width),
    '',
    ...patternTable(sorted(patterns, order), hasAges, width),
    ...(biggest.length === 0 ? [] : ['', ...biggestTable(biggest.slice(0, MAX_BIGGEST), width)]),
    '',
    ...classTable(sorted(owners, order === 'keys' || order === 'bytes' ? 'back' : order), hasAges, width),
    ...together(owners, width),
    ...lifetimeLines(report, width),
    ...(slab === undefined ? [] : ['', ...slabLines(slab, width)]),
  ];
}

type AnyOwner = Pick<Pinned, 'bytes' | 'aloneBytes' | 'slabs' | 'ages'> & {
  readonly keys?: { readonly count: number };
};

function sorted<Owner extends AnyOwner>(owners: readonly Owner[], order: OwnerOrder): Owner[] {
  const figure = (owner: AnyOwner): number => {
    switch (order) {
      case 'bytes':
        return owner.bytes;
      case 'keys':
        return owner.keys?.count ?? 0;
      case 'back':
        return owner.aloneBytes;
      case 'slabs':
        return owner.slabs;
      case 'age':
        return owner.ages?.oldestCommands ?? 0;
    }
  };
  return [...owners].sort((left, right) => figure(right) - figure(left));
}

function summary(phase: string, report: PinReport): string {
  const { pinned, pinnedBytes, pinnedByOnePattern } = report;
  const sentence =
    `At ${phase}, ${plural(pinned, 'slab')} (${formatBytes(pinnedBytes)}) are pinned, ` +
    `${formatCount(pinnedByOnePattern)} of them by one ${oneOf(report)} alone.`;
  const remedy = goneSentence(report);
  return remedy === null ? sentence : `${sentence} ${remedy}`;
}

function oneOf({ by }: PinReport): string {
  if (by === 'thread') return 'thread';
  return by === 'site' ? 'call site' : 'pattern of keys or one part of the server';
}

/** Returns the sentence on what would come back without the pattern that pins most; null if nothing would. */
export function goneSentence({ patterns }: Pick<PinReport, 'patterns'>): string | null {
  const first = patterns.find(({ pattern }) => pattern !== null);
  if (first === undefined || first.alone === 0) return null;
  return (
    `If ${first.pattern} were gone, ` +
    `${first.alone === 1 ? '1 slab or large extent' : `${formatCount(first.alone)} slabs and large extents`} would ` +
    `come back: ${formatBytes(first.aloneBytes)}.`
  );
}

type Pattern = PinReport['patterns'][number];
type Owner = PinReport['owners'][number];

/** Returns a table of patterns: bytes held, keys, share, bytes that come back, and expiry. */
function patternTable(patterns: readonly Pattern[], hasAges: boolean, width: number): string[] {
  const shown = patterns.slice(0, MAX_ROWS);
  const counted = patterns.filter(({ subject }) => subject !== 'allocator');
  const all = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  const column = (title: string, cell: (pattern: Pattern) => string): Column => ({
    title,
    cells: shown.map(cell),
  });
  const hasKeys = patterns.some(({ keys }) => keys !== undefined);
  const keyColumn = column('keys', ({ keys }) => (keys === undefined ? '-' : formatCount(keys.count)));
  const lifeColumn = column('expire', ({ keys }) => (keys === undefined ? '-' : lifeOf(keys)));
  // Columns that were asked for are not left out.
  const lines = (hasAges ? tableInBlocks : tableThatFits)(
    { title: 'held by', cells: shown.map((pattern) => shortened(patternName(pattern))) },
    [
      column('holds', ({ bytes }) => formatBytes(bytes)),
      ...(hasKeys ? [keyColumn] : []),
      column('share', ({ bytes, subject }) => (subject === 'allocator' ? '-' : formatShare(bytes / all))),
      column('comes back', ({ aloneBytes }) => formatBytes(aloneBytes)),
      ...(hasKeys ? [lifeColumn] : []),
      ...(hasAges ? ageColumns(shown) : []),
      column('slabs', ({ slabs }) => formatCount(slabs)),
      column('alone', ({ alone }) => formatCount(alone)),
    ],
    width,
  );
  return [
    ...withRest(lines, patterns.length - shown.length),
    ...wrap(
      'holds: regions in bytes, of used_memory; comes back: slabs and large extents with nothing else in them',
      width,
    ),
  ];
}

/** Returns which part of the keys expires, and within which time. */
function lifeOf({ count, expiring, latestMs }: NonNullable<Pattern['keys']>): string {
  if (latestMs === null) return 'none';
  const which = expiring === count ? 'all' : formatShare(expiring / count);
  return `${which} in ${formatMs(latestMs)}`;
}

function classTable(owners: readonly Owner[], hasAges: boolean, width: number): string[] {
  const shown = owners.slice(0, MAX_ROWS);
  const column = (title: string, cell: (owner: Owner) => string): Column => ({
    title,
    cells: shown.map(cell),
  });
  const lines = (hasAges ? tableInBlocks : tableThatFits)(
    { title: 'class pinned by', cells: shown.map((owner) => shortened(`${owner.size} ${ownerName(owner)}`)) },
    [
      ...(hasAges ? ageColumns(shown) : []),
      column('alone', ({ alone }) => formatCount(alone)),
      column('come back', ({ aloneBytes }) => formatBytes(aloneBytes)),
      column('slabs', ({ slabs }) => formatCount(slabs)),
      column('regions', ({ regions }) => formatCount(regions)),
    ],
    width,
  );
  return withRest(lines, owners.length - shown.length);
}

/** Returns the age of the oldest region, and a slab to list the contents of. */
function ageColumns(shown: readonly Pick<Pinned, 'ages' | 'example'>[]): Column[] {
  return [
    { title: 'oldest', cells: shown.map(({ ages }) => ageOf(ages)) },
    { title: '--slab', cells: shown.map(({ example }) => `${example}`) },
  ];
}

function biggestTable(biggest: NonNullable<PinReport['biggest']>, width: number): string[] {
  const column = (title: string, cell: (key: (typeof biggest)[number]) => string): Column => ({
    title,
    cells: biggest.map(cell),
  });
  return tableThatFits(
    { title: 'biggest keys', cells: biggest.map(({ name }) => shortened(name)) },
    [
      column('MEMORY USAGE', ({ memoryUsage }) => formatBytes(memoryUsage)),
      column('type', ({ type }) => type),
      column('size', ({ type, size }) => (type === 'string' ? formatBytes(size) : plural(size, 'element'))),
      column('expires', ({ ttlMs }) => (ttlMs === null ? 'never' : `in ${formatMs(ttlMs)}`)),
    ],
    width,
  );
}

function withRest(lines: string[], left: number): string[] {
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
