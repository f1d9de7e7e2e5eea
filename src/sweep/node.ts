export { CellShelf } from './cell-shelf.js';
export {
  type Cell,
  type Grid,
  type GridBase,
  type GridOutline,
  gridOfOutline,
  makeGrid,
} from './grid/grid.js';
export { type Axis, parseAxes } from './grid/sweep-axis.js';
export { type MergedParts, mergeParts } from './merge.js';
export { CellWorker } from './pool/cell-worker.js';
export { slicesOf } from './pool/slices.js';
export { DEFAULT_TOLERANCE } from './recommendation.js';
export { cellsOfShard, parseShard, type Shard, shardName } from './shard.js';
export {
  buildsOf,
  concludeGrid,
  runCells,
  runGrid,
  runSlice,
  type SweepOptions,
  startClock,
} from './sweep.js';
export {
  type JournalContents,
  type JournalHeader,
  JournalWriter,
  journalHeader,
  readJournal,
  type ShardHeader,
} from './sweep-journal.js';
export { sweepJson } from './sweep-json.js';
export {
  type BestCell,
  type Recommendation,
  SWEEP_SCHEMA,
  type SweepCell,
  type SweepResult,
} from './sweep-result.js';
export { textWithoutTiming } from './without-timing.js';
