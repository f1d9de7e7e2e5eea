export { type Amounts, amountsBySwatch, amountsOn } from './amounts.js';
export {
  atlasSwatches,
  CAME_BACK,
  type CellMap,
  cellMapOf,
  RECORDS,
} from './atlas/cell-map.js';
export { classesMap } from './atlas/classes-map.js';
export { type AtlasAxis, atlasGrid } from './atlas/grid.js';
export { type Thumbnail, thumbnails } from './atlas/thumbnails.js';
export { type Cells, cellsOf, EMPTY } from './cells.js';
export { COLOUR_MODES, type ColourMode, colouring } from './colouring/colouring.js';
export {
  type Colouring,
  GROUNDS,
  type Ground,
  type Legend,
  pixelOf,
  type Swatch,
} from './colouring/legend.js';
export { between, GROUND_COLOURS, PARTS } from './colouring/palette.js';
export { regionSwatches } from './colouring/state-colouring.js';
export { differenceOf } from './difference.js';
export { type Hit, hitTest, itemAt } from './hit-test.js';
export {
  type AtHome,
  homeBands,
  homeRows,
  layoutAtHome,
} from './home-layout.js';
export { Homes } from './homes.js';
export {
  type Band,
  type LayoutOptions,
  layoutMap,
  MAP_ORDERS,
  type MapLayout,
  type MapOrder,
} from './layout.js';
export { type FittedMap, layoutToFit } from './layout-to-fit.js';
export type { MapSource } from './map-source.js';
export { onlyClass } from './only-class.js';
export { paint } from './paint.js';
export { liveShares, paintPair, pairScale } from './pair-difference.js';
export { type Rectangle, rectanglesOf, regionGridOf, regionRectangles } from './rectangles.js';
export { type ClassParts, classParts, type ResidentParts, residentParts } from './resident-parts.js';
