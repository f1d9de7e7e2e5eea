export { type Figures, figuresOf, OBJECTIVES, type Objective } from './figures.js';
export { findPreset, PRESETS } from './grid/axis-presets.js';
