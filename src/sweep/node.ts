export { type Cell, type Grid, type GridBase, makeGrid } from './grid/grid.js';
export { type Axis, parseAxes } from './grid/sweep-axis.js';
export { CellWorker } from './pool/cell-worker.js';
export { runCells, runGrid, type SweepOptions } from './sweep.js';
export {
  type JournalContents,
  type JournalHeader,
  JournalWriter,
  journalHeader,
  readJournal,
} from './sweep-journal.js';
export { type BestCell, SWEEP_SCHEMA, type SweepCell, type SweepResult } from './sweep-result.js';
