export {
  type BenchOptions,
  checkSuiteNames,
  judge,
  readBaseline,
  runSuite,
  whyNoTiming,
} from './bench/bench.js';
export { readSuite, type Suite } from './bench/suite.js';
export { checkTwins } from './bench/time-cases.js';
export { namedRuns, parseResult, readResult } from './results.js';
