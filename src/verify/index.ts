export { type Occupancy, occupancyOfLab, occupancyOfServer, since } from './class-occupancy.js';
export { matchingBuild } from './matching-build.js';
export {
  type Comparison,
  compare,
  DEFAULT_THRESHOLDS,
  exceeded,
  type Measures,
  type Pair,
} from './server-comparison.js';
