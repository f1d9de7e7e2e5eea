export { openInput } from './disk-files.js';
