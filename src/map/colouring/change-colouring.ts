import { CHANGES, type Change } from '../difference.js';
import type { Ground, Swatch } from './legend.js';
import { PARTS } from './palette.js';

const MEANINGS: Readonly<Record<Change, readonly [label: string, glyph: string]>> = {
  drained: ['drained: taken back since', 'o'],
  emptied: ['emptied: nothing live any more', '.'],
  emptier: ['emptier: lost regions, still pinned', '<'],
  unchanged: ['unchanged', '='],
  fuller: ['fuller: gained regions', '>'],
  'newly pinned': ['newly pinned: had nothing live', '!'],
  opened: ['opened since', 'N'],
};

/** Unchanged slabs have the colour of memory in use, and emptier ones that of pinned memory. */
const COLOURS: Readonly<Record<Ground, Readonly<Record<Change, string>>>> = {
  dark: {
    drained: '#cdf3bc',
    emptied: PARTS.dark.drain,
    emptier: PARTS.dark.pin,
    unchanged: PARTS.dark.use,
    fuller: '#b27b63',
    'newly pinned': '#d6f518',
    opened: '#694bea',
  },
  light: {
    drained: '#7ebe66',
    emptied: PARTS.light.drain,
    emptier: PARTS.light.pin,
    unchanged: PARTS.light.use,
    fuller: '#8b6b9d',
    'newly pinned': '#431801',
    opened: '#1f17ae',
  },
};

export function changeSwatches(ground: Ground): Swatch[] {
  return CHANGES.map((change) => {
    const [label, glyph] = MEANINGS[change];
    return { label, glyph, colour: COLOURS[ground][change] };
  });
}
