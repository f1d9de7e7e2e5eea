export { baselineJson } from './bench/baseline-json.js';
export { BENCH_SCHEMA, type BenchCase, type BenchResult } from './bench/bench-result.js';
export { compare } from './compare.js';
export {
  type CaseComparison,
  COMPARISON_SCHEMA,
  type Comparison,
  type Movement,
  type TimingChange,
} from './comparison.js';
export { ownerText } from './figure.js';
export { METRIC_GROUPS, METRICS } from './metrics.js';
export { checkMetric, parseThresholds } from './thresholds.js';
