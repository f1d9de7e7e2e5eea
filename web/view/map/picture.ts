/** A map as arrays that are quick to draw: the item of each page, and the colour of each item. */
import { type MapLayout, paint } from '../../../src/map/index.js';
export interface Picture {
  readonly layout: MapLayout;
  /** Number of the item in each cell, plus 1; 0 for an empty cell. */
  readonly cells: Uint32Array;
  /** Colour of each item, with red in the lowest byte. */
  readonly colours: Uint32Array;
}

/** Returns the inverse of the layout as a picture: `paint` with an item's own number as its colour. */
export function itemCells(layout: MapLayout): Uint32Array {
  const numbers = new Uint32Array(layout.starts.length);
  for (let item = 0; item < numbers.length; item++) numbers[item] = item + 1;
  return paint(layout, numbers);
}
