import type { LayoutOptions } from '../../src/map/index.js';
import type { Frame, Recording } from '../recordings.js';
import { type Fit, fitMap, type Frame as Room } from './map/fit.js';
import { layoutOf } from './scenes.js';

type Order = Required<Pick<LayoutOptions, 'order' | 'retained'>>;

/**
 * One scale for all moments of all runs that are shown, so that areas can be compared over time and from run to run:
 * the one at which the largest of them fits.
 */
export function fitBoth(recordings: readonly Recording[], options: Order, room: Room): Fit {
  const fits = recordings.map(({ frames, info }) => {
    const largest = frames.reduce((most, frame) =>
      mapped(frame, options) > mapped(most, options) ? frame : most,
    );
    const pages = mapped(largest, options) / info.pageSize;
    return fitMap(
      pages,
      options.order,
      room,
      (columns) => layoutOf(largest, info, { ...options, columns }).rows,
    );
  });
  return fits.reduce((smallest, each) => (each.cell < smallest.cell ? each : smallest));
}

function mapped({ snapshot: { memory } }: Frame, { retained }: Order): number {
  return memory.resident + memory.muzzy + (retained ? memory.retained : 0);
}
