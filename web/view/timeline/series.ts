/** The charts over time: three of them, one unit each. */
import { formatBytes, formatCount, formatShare } from '../../../src/base/index.js';
import type { Snapshot } from '../../../src/engine/index.js';

interface Series {
  readonly name: string;
  /** Name for a style sheet: `.line-used`. */
  readonly key: string;
  readonly meaning: string;
  /** Returns null where the figure does not exist (no cohort was marked yet): the line has a gap. */
  readonly of: (snapshot: Snapshot) => number | null;
}

export interface Chart {
  readonly title: string;
  readonly format: (value: number) => string;
  /** Value axis: 'share' always ends at 1. */
  readonly domain: 'share' | 'from-zero';
  readonly series: readonly Series[];
}

export const CHARTS: readonly Chart[] = [
  {
    title: 'Memory',
    format: formatBytes,
    domain: 'from-zero',
    series: [
      {
        name: 'resident',
        key: 'resident',
        meaning: 'active + dirty + metadata: what the system gave',
        of: ({ memory }) => memory.resident,
      },
      {
        name: 'active',
        key: 'active',
        meaning: 'pages of open slabs and large extents',
        of: ({ memory }) => memory.active,
      },
      {
        name: 'used',
        key: 'used',
        meaning: 'bytes of all live regions',
        of: ({ memory }) => memory.usedMemory,
      },
    ],
  },
  {
    title: 'Drainability',
    format: formatShare,
    domain: 'share',
    series: [
      {
        name: 'cohort DSR',
        key: 'cohort',
        meaning: 'of the slabs open at the mark, the share that came back or could',
        of: ({ drainprof }) => drainprof.cohortDsr,
      },
      {
        name: 'DSR',
        key: 'dsr',
        meaning: 'of the slabs open now, the share without a live region',
        of: ({ drainprof }) => drainprof.dsr,
      },
    ],
  },
  {
    title: 'Slabs above minimum',
    format: formatCount,
    domain: 'from-zero',
    series: [
      {
        name: 'above minimum',
        key: 'above',
        meaning: 'open slabs that the live regions would not need if they were packed',
        of: ({ drainprof }) => drainprof.slabsAboveMinimum,
      },
    ],
  },
];
