export { fileTraffic } from './file-traffic.js';
export { inspectBinary, type ServerBinary } from './server-binary.js';
export { PACES, type Pace, SETTLE_MS } from './server-session.js';
export { verify } from './verify.js';
export { BASELINES, type Baseline, type VerifyPhase, type VerifyResult } from './verify-result.js';
export { workloadTraffic } from './workload-traffic.js';
