/** Makes the scenes of a recording, and keeps every part whose inputs are the same as the last time. */
import { indexInAscending } from '../../src/base/index.js';
import {
  type AtHome,
  type Colouring,
  type ColourMode,
  colouring,
  differenceOf,
  GROUND_COLOURS,
  type Ground,
  type LayoutOptions,
  layoutAtHome,
  layoutMap,
  type MapLayout,
  pixelOf,
} from '../../src/map/index.js';
import type { Answer } from '../../src/report/index.js';
import type { Frame, Shown } from '../recordings.js';
import type { ViewState } from '../state.js';
import type { CommonFit } from './fit-both.js';
import { faded, isEmpty, matches } from './map/filter.js';
import { itemCells, type Picture } from './map/picture.js';
import { regionColours } from './map/region-colours.js';
import type { Scene } from './map/scene.js';
import { marked } from './map/texture.js';

export interface Looks {
  readonly view: ViewState;
  readonly ground: Ground;
  readonly fit: CommonFit;
  /** The side of the fit, and the index of the frame in its recording. */
  readonly side: number;
  readonly index: number;
  readonly answer: Answer;
  readonly pixelRatio: number;
}

export class Scenes {
  readonly #layout = remembered(
    (frame: Frame, columns: number, retained: boolean, info: Shown['recording']['info']) =>
      layoutOf(frame, info, { order: 'address', columns, retained }),
  );
  readonly #settled = remembered(settledFrame);
  readonly #layoutAtHome = remembered(
    (
      { frame, homesOfUnused }: ReturnType<typeof settledFrame>,
      info: Shown['recording']['info'],
      homes: AtHome['homes'],
      bands: AtHome['bands'],
      columns: number,
      gapRows: number,
    ) => layoutAtHome(frame.snapshot, info, { homes, bands, homesOfUnused }, { columns, gapRows }),
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
  readonly #marked = remembered(marked);
  readonly #picture = remembered(
    (layout: MapLayout, cells: Uint32Array, colours: Uint32Array): Picture => ({ layout, cells, colours }),
  );

  /**
   * Makes the scene of a frame. The colouring `difference` shows the changes since `before`, including slabs drained
   * since.
   */
  make({ title, recording }: Shown, now: Frame, before: Frame, looks: Looks): Scene {
    const { view, ground, fit, pixelRatio } = looks;
    const { info } = recording;
    const mode = modeOf(view.colour, now);
    const { frame: wanted, changes } =
      mode === 'difference' ? this.#difference(before, now) : { frame: now, changes: null };
    const { frame, layout } = this.#placed(wanted, info, looks);
    const colours = this.#colouring(frame, mode, ground, info, changes);
    const shown = isEmpty(view)
      ? colours.colours
      : this.#faded(colours, this.#kept(frame, layout, view.classes, view.owners, view.states));
    return {
      title: `${title}, ${frame.phase}`,
      claim: looks.answer.sentence.map(({ text }) => text).join(''),
      reason: looks.answer.reason,
      frame,
      info,
      picture: this.#picture(
        layout,
        this.#cells(layout),
        this.#marked(shown, colours.colours, layout, ground),
      ),
      legend: colours.legend,
      // The words on a slab say themselves how full it is.
      meaningOf: (item) =>
        view.colour === 'occupancy' ? '' : (colours.legend.swatches[colours.swatches[item]!]?.label ?? ''),
      colouring: { ...colours, colours: shown },
      regionColours: regionColours(mode, shown, colours, ground),
      cell: fit.cell / pixelRatio,
      selected: view.selected === null ? null : itemOfPage(frame, view.selected),
    };
  }

  #placed(wanted: Frame, info: Shown['recording']['info'], { view, fit, side, index }: Looks) {
    const atHome = fit.atHome[side];
    if (atHome === undefined) {
      return { frame: wanted, layout: this.#layout(wanted, fit.columns, view.showsRetained, info) };
    }
    const { homes, bands } = atHome;
    const settled = this.#settled(wanted, homes, index, bands);
    const layout = this.#layoutAtHome(settled, info, homes, bands, fit.columns, fit.gapRows);
    return { frame: settled.frame, layout };
  }
}

/** Returns a frame with its unused extents cut at the homes of their pages. New bands mean new homes. */
function settledFrame(
  frame: Frame,
  homes: AtHome['homes'],
  index: number,
  _bands: AtHome['bands'],
): { readonly frame: Frame; readonly homesOfUnused: Uint8Array } {
  const { unused, homes: homesOfUnused } = homes.settle(index, frame.snapshot);
  return { frame: { ...frame, snapshot: { ...frame.snapshot, unused } }, homesOfUnused };
}

export function layoutOf(frame: Frame, info: Shown['recording']['info'], options: LayoutOptions): MapLayout {
  return layoutMap(frame.snapshot, info, options);
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
