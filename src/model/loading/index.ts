export { loadValue, rememberText } from './load-values.js';
export { Loading } from './loading.js';
export { LoadContext } from './loading-context.js';
export type { LoadCounts } from './rdb-loader.js';
