export { answerMemoryUsage, memoryUsage, parseSamples } from './memory-usage.js';
export { answerSlotStats, SLOT_METRICS, type SlotFigures } from './slot-stats.js';
export { answerSlotVerify } from './slot-verify.js';
