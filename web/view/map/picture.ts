import { type MapLayout, paint } from '../../../src/map/index.js';
export interface Picture {
  readonly layout: MapLayout;
  /** Cell by cell, the item there and 1; 0 where nothing is. */
  readonly cells: Uint32Array;
  /** By item: red in the lowest byte. */
  readonly colours: Uint32Array;
}

/** `paint` with an item's own number for its colour: the inverse of the layout, as a picture. */
export function itemCells(layout: MapLayout): Uint32Array {
  const numbers = new Uint32Array(layout.starts.length);
  for (let item = 0; item < numbers.length; item++) numbers[item] = item + 1;
  return paint(layout, numbers);
}
