export { isUnsupported } from './reply-error.js';
export { Session } from './session.js';
export { Store } from './store.js';
