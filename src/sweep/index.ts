export {
  BEST_BY,
  commonObjectives,
  compareCosts,
  costsOf,
  type Figures,
  figuresOf,
  frontOf,
  OBJECTIVES,
  type Objective,
  paretoFront,
} from './figures.js';
export { findPreset, PRESETS } from './grid/axis-presets.js';
export { makeGrid } from './grid/grid.js';
export { type Axis, parseAxes } from './grid/sweep-axis.js';
export { CELLS_EXTENSION, SWEEP_SCHEMA, type SweepResult } from './sweep-result.js';
