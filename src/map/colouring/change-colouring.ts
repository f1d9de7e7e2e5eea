import { CHANGES, type Change } from '../difference.js';
import type { Ground, Swatch } from './legend.js';

const MEANINGS: Readonly<
  Record<Change, readonly [label: string, glyph: string, dark: string, light: string]>
> = {
  drained: ['drained: taken back since', 'o', '#72aa82', '#2b623d'],
  emptied: ['emptied: nothing live any more', '.', '#a8f1a6', '#bd866c'],
  emptier: ['emptier: lost regions, still pinned', '<', '#f0e442', '#1f77b4'],
  unchanged: ['unchanged', '=', '#4c60e3', '#502a70'],
  fuller: ['fuller: gained regions', '>', '#56b4e9', '#9573fc'],
  'newly pinned': ['newly pinned: had nothing live', '!', '#b3e36c', '#6d1f11'],
  opened: ['opened since', 'N', '#8359a5', '#3826a1'],
};

export function changeSwatches(ground: Ground): Swatch[] {
  return CHANGES.map((change) => {
    const [label, glyph, dark, light] = MEANINGS[change];
    return { label, glyph, colour: ground === 'dark' ? dark : light };
  });
}
