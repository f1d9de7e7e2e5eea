export { Session } from './session.js';
export { Answers } from './store.js';
