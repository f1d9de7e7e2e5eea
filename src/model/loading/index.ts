export { Loading, type LoadingOptions } from './loading.js';
export type { LoadCounts } from './rdb-loader.js';
