/** The engine, for any runtime. Exports that need files or processes of Node are in node.ts. */
export { CONF_OPTIONS, optionsOf, plainConf } from './conf.js';
export {
  type AllocatorView,
  type BootOptions,
  type BuildInfo,
  type Engine,
  NOWHERE,
  type Runtime,
} from './engine.js';
export {
  BootError,
  EngineError,
  OutOfMemoryError,
  ReconciliationError,
  StreamError,
} from './engine-errors.js';
export { KNOWN_BUILDS } from './known-builds.js';
export { LabEngine } from './lab-engine.js';
export type { AllocatorOptions } from './options.js';
export {
  type BinRow,
  buffersOf,
  type Column,
  type DefragTotals,
  type DrainprofTotals,
  EXTENT_STATES,
  type ExtentColumns,
  type ExtentState,
  type GranuleColumns,
  HOOK_MODES,
  type HookAccounting,
  type HookMode,
  type LargeRow,
  type MemoryTotals,
  REGION_STATES,
  type RegionColumns,
  type RegionState,
  rowOfPage,
  type Snapshot,
  type SnapshotTotals,
  type SystemCalls,
  totalsOf,
} from './snapshot.js';
export { WasmPort } from './wasm-port.js';
