export { type Occupancy, occupancyOfLab, occupancyOfServer, since } from './class-occupancy.js';
export { matchingBuild } from './matching-build.js';
export {
  type Amounts,
  type Comparison,
  compare,
  DEFAULT_THRESHOLDS,
  LEAST_AMOUNTS,
  type Measures,
  type Pair,
  tooFar,
} from './server-comparison.js';
