import { formatBytes } from '../base/index.js';
import { amountsBySwatch, type Colouring, type MapLayout, type Swatch } from '../map/index.js';
import type { CloseUp } from './close-up.js';

/** Maps side by side, with one scale and one legend. */
export interface MapPicture {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly MapPanel[];
}

export interface MapPanel {
  readonly heading: string;
  /** Sentences below the map. */
  readonly notes: readonly string[];
  readonly layout: MapLayout;
  readonly colouring: Colouring;
  /** Present if the recording has the states of regions. */
  readonly closeUp?: CloseUp | null;
}

export interface LegendEntry {
  readonly swatch: Swatch;
  /** The amount in each panel. */
  readonly bytes: readonly number[];
}

/** Returns the swatches that occur on at least one map, and all swatches of a scale. */
export function legendEntries({ panels }: MapPicture): LegendEntry[] {
  const amounts = panels.map(({ layout, colouring }) => amountsBySwatch(layout, colouring));
  const swatches = panels[0]?.colouring.legend.swatches ?? [];
  return swatches
    .map((swatch, index) => ({ swatch, bytes: amounts.map((ofPanel) => ofPanel[index] ?? 0) }))
    .filter(({ swatch, bytes }) => swatch.value !== undefined || bytes.some((each) => each > 0));
}

export function amountText(bytes: readonly number[]): string {
  const texts = bytes.map((each) => (each === 0 ? 'none' : formatBytes(each)));
  return new Set(texts).size === 1 ? texts[0]! : texts.join(' → ');
}
