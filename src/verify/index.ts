export { buildLike } from './build-like.js';
export { type Occupancy, occupancyOfLab, occupancyOfServer, since } from './class-occupancy.js';
export {
  type Comparison,
  compare,
  DEFAULT_THRESHOLDS,
  exceeded,
  type Measures,
  type Pair,
} from './server-comparison.js';
