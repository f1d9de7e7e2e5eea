export { clusterCursorText, parseClusterScan } from './cluster-scan.js';
export { commandTable } from './handlers.js';
