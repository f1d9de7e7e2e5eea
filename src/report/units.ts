import type { Unit } from '../../workloads/index.js';
import { formatBytes, formatCount, formatRatio, formatShare } from '../base/index.js';
/** The formatter of each unit. */
export const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  bytes: formatBytes,
  count: formatCount,
  ratio: formatRatio,
  share: formatShare,
};
