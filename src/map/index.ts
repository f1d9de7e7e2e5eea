export type { Band } from './bands.js';
export {
  type Grid,
  type GridCells,
  type GridOptions,
  layoutGrid,
  type PlacedBand,
  type SizeClasses,
} from './grid.js';
export { type Hit, hitTest } from './hit-test.js';
