import type { GranuleColumns } from '../../engine/index.js';
import type { Ground, Swatch } from './legend.js';
import { ageColour } from './palette.js';

const STEPS = 8;

/** Colours granules by the virtual time since they were opened, in equal steps up to the oldest. */
export function ageColouring(granules: GranuleColumns, virtualMs: number, ground: Ground) {
  let oldestMs = 0;
  for (let granule = 0; granule < granules.count; granule++) {
    oldestMs = Math.max(oldestMs, virtualMs - granules.openedMs[granule]!);
  }
  const swatches = Array.from({ length: STEPS }, (_, step): Swatch => {
    const from = durationOf((step / STEPS) * oldestMs);
    const to = durationOf(((step + 1) / STEPS) * oldestMs);
    return {
      label: oldestMs === 0 ? 'opened at this moment' : step === 0 ? `up to ${to}` : `${from} to ${to}`,
      colour: ageColour((step + 0.5) / STEPS, ground),
      glyph: `${step + 1}`,
      value: (step + 0.5) / STEPS,
    };
  });
  return {
    // If no virtual time has passed, the scale has only one step.
    swatches: oldestMs === 0 ? swatches.slice(0, 1) : swatches,
    of: (granule: number) => {
      const ageMs = virtualMs - granules.openedMs[granule]!;
      return oldestMs === 0 ? 0 : Math.min(STEPS - 1, Math.floor((ageMs / oldestMs) * STEPS));
    },
  };
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** Formats a duration like 950 ms, 1.5 s, 12 min or 3.4 h. */
function durationOf(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const [unit, unitMs] = UNITS.find(([, each]) => ms >= each) ?? UNITS[UNITS.length - 1]!;
  return `${Number((ms / unitMs).toFixed(1))} ${unit}`;
}
