export { buildDigest, builds, nativeTwin } from './builds.js';
export { IS_CHECKOUT, nativeSources, userCache } from './native-sources.js';
export { type NodeWorker, startNodeWorker } from './node-worker.js';
export { openEngine } from './open-engine.js';
export { PACKAGE_ROOT } from './package-root.js';
