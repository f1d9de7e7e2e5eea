import { formatBytes } from '../base/index.js';
import { amountsBySwatch, type Colouring, type MapLayout, type Swatch } from '../map/index.js';
import type { CloseUp } from './close-up.js';

/** Maps side by side, to one scale and with one legend, as a file. */
export interface MapPicture {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly MapPanel[];
}

export interface MapPanel {
  readonly heading: string;
  /** Sentences under the map. */
  readonly notes: readonly string[];
  readonly layout: MapLayout;
  readonly colouring: Colouring;
  /** Where what each region is was recorded. */
  readonly closeUp?: CloseUp | null;
}

export interface LegendEntry {
  readonly swatch: Swatch;
  /** In each panel, in bytes. */
  readonly bytes: readonly number[];
}

/** What is on at least one of the maps, and the whole of a scale. */
export function legendOf({ panels }: MapPicture): LegendEntry[] {
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
