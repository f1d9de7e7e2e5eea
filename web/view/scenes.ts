/** Makes scenes of a recording, and makes nothing anew that is the same as the last time. */
import {
  COLOUR_MODES,
  type Colouring,
  type ColourMode,
  colouring,
  GROUND_COLOURS,
  type Ground,
  type LayoutOptions,
  layoutMap,
  type MapLayout,
  pixelOf,
} from '../../src/map/index.js';
import type { Frame, Shown } from '../recordings.js';
import type { ViewState } from '../state.js';
import { faded, isEmpty, matches } from './map/filter.js';
import type { Fit } from './map/fit.js';
import { itemCells, type Picture } from './map/picture.js';
import { regionColours } from './map/region-colours.js';
import type { Scene } from './map/scene.js';

export interface Looks {
  readonly view: ViewState;
  readonly ground: Ground;
  readonly fit: Fit;
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
    ) => layoutOf(frame, info, { order, columns, retained }),
  );
  readonly #cells = remembered(itemCells);
  readonly #colouring = remembered(
    (frame: Frame, mode: ColourMode, ground: Ground, info: Shown['recording']['info']) =>
      colouring(mode, { source: frame.snapshot, info, ground }),
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
  readonly #picture = remembered(
    (layout: MapLayout, cells: Uint32Array, colours: Uint32Array): Picture => ({ layout, cells, colours }),
  );

  make(
    { title, recording }: Shown,
    frame: Frame,
    _before: Frame,
    { view, ground, fit, pixelRatio }: Looks,
  ): Scene {
    const { info } = recording;
    const layout = this.#layout(frame, view.order, fit.columns, view.showsRetained, info);
    const colours = this.#colouring(frame, modeOf(view.colour), ground, info);
    const shown = isEmpty(view)
      ? colours.colours
      : this.#faded(colours, this.#kept(frame, layout, view.classes, view.owners, view.states));
    return {
      title: `${title}, ${frame.phase}`,
      frame,
      info,
      picture: this.#picture(layout, this.#cells(layout), shown),
      legend: colours.legend,
      regionColours: regionColours(view.colour, shown, colours, ground),
      cell: fit.cell / pixelRatio,
      selected: view.selected === null ? null : itemOfPage(frame, view.selected),
    };
  }
}

export function layoutOf(frame: Frame, info: Shown['recording']['info'], options: LayoutOptions): MapLayout {
  return layoutMap(frame.snapshot, info, options);
}

function modeOf(colour: ViewState['colour']): ColourMode {
  return (COLOUR_MODES as readonly string[]).includes(colour) ? (colour as ColourMode) : 'occupancy';
}

/** The item that begins at a page, or null. */
export function itemOfPage({ snapshot: { granules, unused } }: Frame, page: number): number | null {
  const granule = indexOf(granules.page, granules.count, page);
  if (granule >= 0) return granule;
  const extent = indexOf(unused.page, unused.count, page);
  return extent >= 0 ? granules.count + extent : null;
}

/** First page of an item; null for metadata, which is at no address. */
export function pageOfItem({ snapshot: { granules, unused } }: Frame, item: number): number | null {
  if (item < granules.count) return granules.page[item] as number;
  return unused.page[item - granules.count] ?? null;
}

function indexOf(ascending: Uint32Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low < count && ascending[low] === value ? low : -1;
}

/** The last result again where all arguments are the same as the last time. */
function remembered<Args extends readonly unknown[], Result>(make: (...args: Args) => Result) {
  let last: { readonly args: Args; readonly result: Result } | null = null;
  return (...args: Args): Result => {
    if (last === null || args.some((arg, i) => arg !== last?.args[i])) last = { args, result: make(...args) };
    return last.result;
  };
}
