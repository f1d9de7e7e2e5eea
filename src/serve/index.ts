export { Gaps } from './gaps.js';
export { untilSignal } from './until-signal.js';
