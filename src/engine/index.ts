/** The engine in Node. (A page imports worker-browser.js and the types instead: it has no files and no processes.) */
export { buildDigest, builds, nativeTwin, wasmModule } from './builds.js';
export type * from './engine.js';
export { NOWHERE } from './engine.js';
export * from './engine-errors.js';
export { KNOWN_BUILDS } from './known-builds.js';
export { LabEngine } from './lab-engine.js';
export { NativePort } from './native-port.js';
export { type OpenOptions, openEngine } from './open-engine.js';
export * from './snapshot.js';
export { WasmPort } from './wasm-port.js';
