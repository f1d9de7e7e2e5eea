/** The filters of the map: the items that they keep, and the fading of the others. */
import { EXTENT_STATES } from '../../../src/engine/index.js';
import type { MapLayout } from '../../../src/map/index.js';
import type { Frame } from '../../recordings.js';
import type { MapState, ViewState } from '../../state.js';

export type Filter = Pick<ViewState, 'classes' | 'owners' | 'states'>;

export function isEmpty({ classes, owners, states }: Filter): boolean {
  return classes.length + owners.length + states.length === 0;
}

/** Returns 1 for each item that matches all parts of the filter. */
export function matches(filter: Filter, { snapshot, owners }: Frame, layout: MapLayout): Uint8Array {
  const all = new Uint8Array(layout.starts.length);
  const classes = new Set(filter.classes);
  const states = new Set<MapState>(filter.states);
  const wanted = new Set(filter.owners.flatMap((name) => numbersOf(name, owners?.names ?? [])));
  const { granules, info } = layout;
  for (let item = 0; item < all.length; item++) {
    const isGranule = item < layout.firstUnused;
    if (states.size > 0 && !statesOf(item, snapshot, layout).some((state) => states.has(state))) continue;
    if (classes.size > 0) {
      if (!isGranule || !classes.has(info.sizeClasses[granules.sizeClass[item]!]!)) continue;
    }
    if (filter.owners.length > 0 && !(isGranule && livesIn(owners, item, wanted))) continue;
    all[item] = 1;
  }
  return all;
}

/** Returns the numbers of the owners with this name, or of this pattern. */
function numbersOf(name: string, names: readonly string[]): number[] {
  return [...names.keys()].filter((at) => names[at] === name || names[at]!.startsWith(`${name} `));
}

function statesOf(item: number, { unused }: Frame['snapshot'], layout: MapLayout): readonly MapState[] {
  const { granules, info, firstUnused, metadata } = layout;
  if (item >= metadata) return ['metadata'];
  if (item >= firstUnused) return [EXTENT_STATES[unused.state[item - firstUnused]!] as MapState];
  const isLarge = granules.sizeClass[item]! >= info.smallClasses;
  if (granules.live[item] === 0) return isLarge ? ['drainable', 'large'] : ['drainable'];
  if (isLarge) return ['use', 'large'];
  return granules.free[item] === 0 && granules.parked[item] === 0 ? ['use'] : ['use', 'pinned'];
}

function livesIn(owners: Frame['owners'], item: number, wanted: ReadonlySet<number>): boolean {
  if (owners === null) return false;
  for (let at = owners.first[item]!; at < owners.first[item + 1]!; at++) {
    if (wanted.has(owners.owner[at]!)) return true;
  }
  return false;
}

const FADED = 0.14;

/** Returns the colours, faded towards the ground for all items outside `kept`. */
export function faded(colours: Uint32Array, kept: Uint8Array, ground: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(colours.length);
  const memo = new Map<number, number>();
  for (let item = 0; item < out.length; item++) {
    const colour = colours[item]!;
    if (kept[item] === 1) {
      out[item] = colour;
      continue;
    }
    let faint = memo.get(colour);
    if (faint === undefined) {
      faint = mixed(ground, colour, FADED);
      memo.set(colour, faint);
    }
    out[item] = faint;
  }
  return out;
}

/** Mixes two pixels, which have red in the lowest byte. */
export function mixed(from: number, to: number, share: number): number {
  let pixel = 0xff;
  for (const shift of [16, 8, 0]) {
    const [a, b] = [(from >>> shift) & 0xff, (to >>> shift) & 0xff];
    pixel = (pixel << 8) | Math.round(a + (b - a) * share);
  }
  return pixel >>> 0;
}
