export { clampedRange } from './container-call.js';
export { commandTable } from './handlers.js';
