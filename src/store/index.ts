export { isUnsupported } from './reply-error.js';
export { Session } from './session.js';
export { type Answer, Store } from './store.js';
