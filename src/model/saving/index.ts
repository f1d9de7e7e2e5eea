export { carryRegisters, savedDataSet } from './saved-data-set.js';
