export { Session } from './session.js';
export { Store } from './store.js';
