export type { Advice, TriedPair, TriedRemedy } from './advice.js';
export { advise } from './advise.js';
export { DURATION_FORM, parseDuration } from './duration.js';
export { quoted } from './on-server.js';
export { parseStep } from './parse-step.js';
export { processesOf, type Setup } from './setup.js';
export { STEP_FORMS, type Step } from './step.js';
export { type WhatIfMeans, type WhatIfOutcome, whatIf } from './what-if.js';
