/** The parts that resident memory has on the page: in one order, with one colour, and a filter each. */
import { formatBytes, plural } from '../../../src/base/index.js';
import type { ResidentParts } from '../../../src/map/index.js';
import type { MapState } from '../../state.js';

export interface Part {
  readonly key: 'use' | 'pinned' | 'back' | 'records' | 'gone';
  readonly name: string;
  /** The map keeps items in these states if the part is chosen. */
  readonly states: readonly MapState[];
  readonly bytes: (parts: ResidentParts, peak: number) => number;
  readonly reason: (parts: ResidentParts) => string;
}

export const PARTS: readonly Part[] = [
  {
    key: 'use',
    name: 'In use',
    states: ['use'],
    bytes: ({ use }) => use,
    reason: () => 'live regions and extents',
  },
  {
    key: 'pinned',
    name: 'Pinned',
    states: ['pinned'],
    bytes: ({ pinned }) => pinned,
    reason: () => 'free, beside something live',
  },
  {
    key: 'back',
    name: 'Comes back',
    states: ['drainable', 'dirty', 'muzzy'],
    bytes: ({ dirty, empty }) => dirty + empty,
    reason: backReason,
  },
  {
    key: 'records',
    name: 'Records',
    states: ['metadata'],
    bytes: ({ records }) => records,
    reason: () => 'the allocator’s own',
  },
  {
    key: 'gone',
    name: 'Came back',
    states: ['retained'],
    bytes: ({ resident }, peak) => peak - resident,
    reason: () => 'since the peak',
  },
];

function backReason({ dirty, empty, muzzy, slabs }: ResidentParts): string {
  const said = [
    dirty === 0 ? '' : `dirty ${formatBytes(dirty)}`,
    empty === 0 ? '' : `${plural(slabs.empty, 'empty slab')} ${formatBytes(empty)}`,
    muzzy === 0 ? '' : `beside it muzzy ${formatBytes(muzzy)}`,
  ].filter((text) => text !== '');
  return said.length === 0 ? 'nothing waits for decay' : said.join(', ');
}
