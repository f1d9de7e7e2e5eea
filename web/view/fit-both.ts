import {
  type AtHome,
  Homes,
  homeBands,
  homeRows,
  type LayoutOptions,
  type MapSource,
} from '../../src/map/index.js';
import type { Frame, Recording } from '../recordings.js';
import { type Fit, fitByAddress, fitByClass, type Frame as Room } from './map/fit.js';
import { layoutOf } from './scenes.js';

type Options = Required<Pick<LayoutOptions, 'order' | 'retained'>>;

/** Gap between two bands in device pixels. */
const GAP_PX = 5;

export interface CommonFit extends Fit {
  /** Empty rows between two bands, in order `class`. */
  readonly gapRows: number;
  /** The places of each recording's pages, in order `class`. */
  readonly atHome: readonly Pick<AtHome, 'homes' | 'bands'>[];
}

/**
 * Finds one scale for all frames of all shown runs, so that areas are comparable over time and between runs. In order
 * `class` each page has one place in all frames, and each band has one in both runs if their classes are the same.
 */
export function fitBoth(recordings: readonly Recording[], options: Options, room: Room): CommonFit {
  if (options.order === 'address') {
    const fits = recordings.map((recording) => fitAddresses(recording, options, room));
    return { ...smallest(fits), gapRows: 0, atHome: [] };
  }
  const homes = recordings.map(homesOf);
  const isAlike =
    new Set(recordings.map(({ info }) => `${info.pageSize} ${info.sizeClasses.join()}`)).size === 1;
  const bands = recordings.map(({ info }, side) => homeBands(isAlike ? homes : [homes[side]!], info));
  const fits = bands.map((each) =>
    fitByClass(
      room,
      each.reduce((sum, { pages }) => sum + pages, 0),
      (columns) => homeRows(each, { columns, gapRows: gapRowsAt(room.width / columns) }),
    ),
  );
  const fit = smallest(fits);
  return {
    ...fit,
    gapRows: gapRowsAt(fit.cell),
    atHome: homes.map((each, side) => ({ homes: each, bands: bands[side]! })),
  };
}

function gapRowsAt(cell: number): number {
  return Math.max(1, Math.round(GAP_PX / cell));
}

function smallest(fits: readonly Fit[]): Fit {
  return fits.reduce((least, each) => (each.cell < least.cell ? each : least));
}

const known = new WeakMap<MapSource, Homes>();

/** Returns the places of all pages of a recording. A growing one adds its new frames to those of before. */
function homesOf({ frames, info }: Recording): Homes {
  const sources = frames.map(({ snapshot }) => snapshot);
  const first = sources[0]!;
  const before = known.get(first);
  const homes = before?.has(sources) === true ? before : new Homes(info);
  for (const source of sources.slice(homes.count)) homes.add(source);
  known.set(first, homes);
  return homes;
}

function fitAddresses({ frames, info }: Recording, options: Options, room: Room): Fit {
  const largest = frames.reduce((most, frame) =>
    mapped(frame, options) > mapped(most, options) ? frame : most,
  );
  return fitByAddress(
    room,
    mapped(largest, options) / info.pageSize,
    (columns) => layoutOf(largest, info, { ...options, columns }).rows,
  );
}

function mapped({ snapshot: { memory } }: Frame, { retained }: Options): number {
  return memory.resident + memory.muzzy + (retained ? memory.retained : 0);
}
