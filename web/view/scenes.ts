/** Makes the scenes of a recording, and keeps every part whose inputs are the same as the last time. */
import { indexInAscending } from '../../src/base/index.js';
import {
  type BandRows,
  type Colouring,
  type ColourMode,
  colouring,
  differenceOf,
  GROUND_COLOURS,
  type Ground,
  type LayoutOptions,
  type Legend,
  layoutMap,
  type MapLayout,
  pixelOf,
} from '../../src/map/index.js';
import type { Frame, Shown } from '../recordings.js';
import type { ViewState } from '../state.js';
import { faded, isEmpty, matches } from './map/filter.js';
import type { Fit } from './map/fit.js';
import { itemCells, type Picture } from './map/picture.js';
import { PARKED, regionColours } from './map/region-colours.js';
import type { Scene } from './map/scene.js';

export interface Looks {
  readonly view: ViewState;
  readonly ground: Ground;
  readonly fit: Fit;
  readonly bandRows: BandRows | undefined;
  readonly pixelRatio: number;
}

export class Scenes {
  readonly #layout = remembered(
    (
      frame: Frame,
      order: ViewState['order'],
      columns: number,
      retained: boolean,
      info: Shown['recording']['info'],
      bandRows: BandRows | undefined,
    ) => layoutOf(frame, info, { order, columns, retained, ...(bandRows && { bandRows }) }),
  );
  readonly #cells = remembered(itemCells);
  readonly #difference = remembered(differenceFrame);
  readonly #colouring = remembered(
    (
      { snapshot, owners }: Frame,
      mode: ColourMode,
      ground: Ground,
      info: Shown['recording']['info'],
      changes: Uint8Array | null,
    ) => colouring(mode, { source: snapshot, info, ground, owners, changes }),
  );
  readonly #kept = remembered(
    (
      frame: Frame,
      layout: MapLayout,
      classes: ViewState['classes'],
      owners: ViewState['owners'],
      states: ViewState['states'],
    ) => matches({ classes, owners, states }, frame, layout),
  );
  readonly #faded = remembered((colours: Colouring, kept: Uint8Array) =>
    faded(colours.colours, kept, pixelOf(GROUND_COLOURS[colours.ground])),
  );
  readonly #legend = remembered(closeUpLegend);
  readonly #picture = remembered(
    (layout: MapLayout, cells: Uint32Array, colours: Uint32Array): Picture => ({ layout, cells, colours }),
  );

  /**
   * Makes the scene of a frame. The colouring `difference` shows the changes since `before`, including slabs drained
   * since.
   */
  make(
    { title, recording }: Shown,
    now: Frame,
    before: Frame,
    { view, ground, fit, bandRows, pixelRatio }: Looks,
  ): Scene {
    const { info } = recording;
    const mode = modeOf(view.colour, now);
    const { frame, changes } =
      mode === 'difference' ? this.#difference(before, now) : { frame: now, changes: null };
    const layout = this.#layout(frame, view.order, fit.columns, view.showsRetained, info, bandRows);
    const colours = this.#colouring(frame, mode, ground, info, changes);
    const shown = isEmpty(view)
      ? colours.colours
      : this.#faded(colours, this.#kept(frame, layout, view.classes, view.owners, view.states));
    return {
      title: `${title}, ${frame.phase}`,
      frame,
      info,
      picture: this.#picture(layout, this.#cells(layout), shown),
      legend: this.#legend(colours, frame.snapshot.regions !== null),
      meaningOf: (item) => colours.legend.swatches[colours.swatches[item]!]?.label ?? '',
      colouring: { ...colours, colours: shown },
      regionColours: regionColours(mode, shown, colours, ground),
      cell: fit.cell / pixelRatio,
      selected: view.selected === null ? null : itemOfPage(frame, view.selected),
    };
  }
}

export function layoutOf(frame: Frame, info: Shown['recording']['info'], options: LayoutOptions): MapLayout {
  return layoutMap(frame.snapshot, info, options);
}

/** Adds the colour of parked regions, which are visible close up; no slab has that colour. */
function closeUpLegend({ legend, ground }: Colouring, hasRegions: boolean): Legend {
  if (!hasRegions) return legend;
  const parked = { label: 'parked region: freed, kept in a tcache', colour: PARKED[ground], glyph: 'p' };
  return { ...legend, swatches: [...legend.swatches, parked] };
}

/** Returns the colour mode; a run without owners cannot be coloured by them. */
function modeOf(colour: ViewState['colour'], { owners }: Frame): ColourMode {
  return colour === 'owner' && owners === null ? 'occupancy' : colour;
}

/** Returns the differences as a frame. It has no regions and no owners: granules of two moments share neither. */
function differenceFrame(
  before: Frame,
  after: Frame,
): { readonly frame: Frame; readonly changes: Uint8Array<ArrayBuffer> } {
  const { source, changes } = differenceOf(before.snapshot, after.snapshot);
  const { granules, unused } = source;
  return {
    frame: {
      phase: after.phase,
      snapshot: { ...after.snapshot, granules, unused, regions: null },
      owners: null,
    },
    changes,
  };
}

/** Returns the item that begins at a page, or null. */
export function itemOfPage({ snapshot: { granules, unused } }: Frame, page: number): number | null {
  const granule = indexInAscending(granules.page, granules.count, page);
  if (granule >= 0) return granule;
  const extent = indexInAscending(unused.page, unused.count, page);
  return extent >= 0 ? granules.count + extent : null;
}

/** Returns the first page of an item; null for metadata, which has no address. */
export function pageOfItem({ snapshot: { granules, unused } }: Frame, item: number): number | null {
  if (item < granules.count) return granules.page[item]!;
  return unused.page[item - granules.count] ?? null;
}

/** Returns a function that repeats its last result while all arguments are the same as the last time. */
function remembered<Args extends readonly unknown[], Result>(make: (...args: Args) => Result) {
  let last: { readonly args: Args; readonly result: Result } | null = null;
  return (...args: Args): Result => {
    if (last === null || args.some((arg, i) => arg !== last?.args[i])) last = { args, result: make(...args) };
    return last.result;
  };
}
