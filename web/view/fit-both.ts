import {
  type BandRows,
  type Inventory,
  inventory,
  type LayoutOptions,
  maxRows,
} from '../../src/map/index.js';
import type { Frame, Recording } from '../recordings.js';
import { type Fit, fitByAddress, fitByClass, type Frame as Room } from './map/fit.js';
import { layoutOf } from './scenes.js';

type Options = Required<Pick<LayoutOptions, 'order' | 'retained'>>;

export interface CommonFit extends Fit {
  /** Rows of each band, for each recording, in order `class`. */
  readonly bandRows: readonly (BandRows | undefined)[];
}

/**
 * Finds one scale for all frames of all shown runs, so that areas are comparable over time and between runs. In order
 * `class` each band has one place in all frames, and in both runs if their classes are the same.
 */
export function fitBoth(recordings: readonly Recording[], options: Options, room: Room): CommonFit {
  if (options.order === 'address') {
    const fits = recordings.map((recording) => fitAddresses(recording, options, room));
    return { ...smallest(fits), bandRows: [] };
  }
  const together = groupsAlike(recordings);
  const fits = together.map((moments) =>
    fitByClass(room, Math.max(...moments.map(pagesOf)), (columns) =>
      maxRows(moments, { ...options, columns }).reduce((sum, rows) => sum + rows, 0),
    ),
  );
  const { columns, cell } = smallest(fits);
  const bandRows = together.map((moments) => maxRows(moments, { ...options, columns }));
  return { columns, cell, bandRows: recordings.map((_, side) => bandRows[side] ?? bandRows[0]) };
}

function smallest(fits: readonly Fit[]): Fit {
  return fits.reduce((least, each) => (each.cell < least.cell ? each : least));
}

/** Returns the inventories of both recordings together if their classes are the same, else those of each. */
function groupsAlike(recordings: readonly Recording[]): Inventory[][] {
  const moments = recordings.map(({ frames, info }) => frames.map((frame) => inventoryOf(frame, info)));
  const [first, second] = recordings.map(({ info }) => `${info.pageSize} ${info.sizeClasses.join()}`);
  return first === second ? [moments.flat()] : moments;
}

const inventories = new WeakMap<Frame['snapshot'], Inventory>();

function inventoryOf({ snapshot }: Frame, info: Recording['info']): Inventory {
  const known = inventories.get(snapshot) ?? inventory(snapshot, info);
  inventories.set(snapshot, known);
  return known;
}

function pagesOf({ slabs, slabPages, large, unusedPages, metadataPages }: Inventory): number {
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  return (
    sum(slabs.map((count, index) => count * slabPages[index]!)) +
    sum(large) +
    sum(unusedPages) +
    metadataPages
  );
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
