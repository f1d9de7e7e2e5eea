/** Describes an item of the map in words, for the tooltip, the detail panel and screen readers. */
import { formatBytes, formatCount, formatShare, plural } from '../../../src/base/index.js';
import { type BuildInfo, EXTENT_STATES } from '../../../src/engine/index.js';
import type { Hit, MapLayout } from '../../../src/map/index.js';
import type { Frame } from '../../recordings.js';

interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Description {
  /** Kind and size of the item, such as "Slab of class 1,024, 4 regions". */
  readonly title: string;
  /** Use of the item, such as "2 live (50.0%), 0 parked, 2 free". */
  readonly gist: string;
  readonly facts: readonly Fact[];
}

export interface Looked {
  readonly frame: Frame;
  readonly info: BuildInfo;
  readonly layout: MapLayout;
}

export function describe(looked: Looked, item: number): Description {
  const { layout } = looked;
  if (item < layout.firstUnused) return describeGranule(looked, item);
  if (item < layout.metadata) return describeExtent(looked, item);
  const { metadata } = looked.frame.snapshot.memory;
  return {
    title: 'Metadata',
    gist: `${formatBytes(metadata)} of the allocator's own records`,
    facts: [{ name: 'address', value: 'none: it is drawn for the sum' }],
  };
}

/** Returns the description as one sentence. */
export function spoken(looked: Looked, item: number): string {
  const { title, gist, facts } = describe(looked, item);
  const address = facts.find(({ name }) => name === 'address')?.value ?? '';
  return `${title} at ${address}: ${gist}.`;
}

function describeGranule({ frame, info }: Looked, granule: number): Description {
  const { granules, virtualMs } = frame.snapshot;
  const sizeClass = granules.sizeClass[granule]!;
  const size = info.sizeClasses[sizeClass]!;
  const [live, parked, free] = [granules.live, granules.parked, granules.free].map(
    (column) => column[granule]!,
  ) as [number, number, number];
  const pages = granules.pages[granule]!;
  const openedMs = granules.openedMs[granule]!;
  const facts = [
    { name: 'address', value: addressOf(granules.page[granule]!, info) },
    { name: 'length', value: `${plural(pages, 'page')}, ${formatBytes(pages * info.pageSize)}` },
    // All slabs of a run without virtual time were opened at 0.
    ...(virtualMs === 0
      ? []
      : [
          {
            name: 'opened',
            value: `${seconds(openedMs)}, ${seconds(virtualMs - openedMs)} before this sweep`,
          },
        ]),
    { name: 'turnover', value: plural(granules.allocs[granule]!, 'allocation') },
    { name: 'cohort', value: granules.cohort[granule] === 1 ? 'open at the mark' : 'opened after the mark' },
    { name: 'arena', value: String(granules.arena[granule]) },
  ];
  if (sizeClass >= info.smallClasses) {
    return { title: `Large extent, class ${formatBytes(size)}`, gist: live > 0 ? 'live' : 'parked', facts };
  }
  const regions = live + parked + free;
  return {
    title: `Slab of class ${formatCount(size)}, ${plural(regions, 'region')}`,
    gist: `${formatCount(live)} live (${formatShare(live / regions)}), ${formatCount(parked)} parked, ${formatCount(free)} free`,
    facts,
  };
}

function describeExtent({ frame, info, layout }: Looked, item: number): Description {
  const { unused } = frame.snapshot;
  const index = item - layout.firstUnused;
  const state = EXTENT_STATES[unused.state[index]!]!;
  const pages = unused.pages[index]!;
  return {
    title: `Unused extent, ${state}`,
    gist: `${formatBytes(pages * info.pageSize)}, ${MEANING[state]}`,
    facts: [
      { name: 'address', value: addressOf(unused.page[index]!, info) },
      { name: 'length', value: `${plural(pages, 'page')}, ${formatBytes(pages * info.pageSize)}` },
      { name: 'arena', value: String(unused.arena[index]) },
    ],
  };
}

const MEANING: Readonly<Record<(typeof EXTENT_STATES)[number], string>> = {
  dirty: 'given back to the allocator and still resident',
  muzzy: 'the system may take it back',
  retained: 'address space without memory behind it',
};

export function addressOf(page: number, { pageSize }: Pick<BuildInfo, 'pageSize'>): string {
  return `0x${(page * pageSize).toString(16).padStart(8, '0')}`;
}

/** Returns the state of a region, such as "region 3 is free". */
export function describeRegion({ frame }: Looked, { item, region }: Hit): string | null {
  const { regions } = frame.snapshot;
  if (region === null || regions === null) return null;
  const first = regions.first[item]!;
  const state = REGION_WORDS[regions.states[first + region]!];
  return `region ${formatCount(region + 1)} is ${state}`;
}

const REGION_WORDS = ['free', 'parked', 'live'] as const;

function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${formatCount(Math.round(ms / 60_000))} min`;
}
