export {
  commonObjectives,
  compareCosts,
  costsOf,
  type Figures,
  figuresOf,
  OBJECTIVES,
  type Objective,
  paretoFront,
} from './figures.js';
export { findPreset, PRESETS } from './grid/axis-presets.js';
export { CELLS_EXTENSION, SWEEP_SCHEMA, type SweepCell, type SweepResult } from './sweep-result.js';
