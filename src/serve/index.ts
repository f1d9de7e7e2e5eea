export { UnseenTraffic } from './unseen-traffic.js';
export { untilSignal } from './until-signal.js';
