export { commandTable } from './handlers.js';
