export { clampedRange } from './container-call.js';
export { COMMANDS } from './handlers.js';
