export { type Amounts, amountsBySwatch, amountsOn, bytesOfItem } from './amounts.js';
export { type BandRows, type Inventory, inventory, mostRows } from './band-rows.js';
export type { BandKind, Group } from './bands.js';
export { type Cells, cellsOf, EMPTY } from './cells.js';
export { COLOUR_MODES, type ColouringInput, type ColourMode, colouring } from './colouring/colouring.js';
export {
  type Colouring,
  GROUNDS,
  type Ground,
  type Legend,
  pixelOf,
  type Swatch,
} from './colouring/legend.js';
export { GROUND_COLOURS } from './colouring/palette.js';
export { regionSwatches } from './colouring/state.js';
export { CHANGES, type Change, type Difference, differenceOf } from './difference.js';
export { type FitOptions, type FittedMap, layoutToFit } from './fit.js';
export { type Hit, hitTest, itemAt } from './hit-test.js';
export {
  type Band,
  type LayoutOptions,
  layoutMap,
  MAP_ORDERS,
  type MapLayout,
  type MapOrder,
  OFF_MAP,
  type Stretch,
} from './layout.js';
export { type MapInfo, type MapSource, metadataBytes } from './map-source.js';
export { onlyClass } from './only-class.js';
export { paint } from './paint.js';
export {
  type Rectangle,
  type RegionRectangle,
  rectanglesOf,
  regionGridOf,
  regionRectangles,
} from './rectangles.js';
