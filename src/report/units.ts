import type { Unit } from '../../workloads/index.js';
import { formatBytes, formatCount, formatRatio, formatShare } from '../base/index.js';
/** How a figure of each unit is printed. */
export const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  bytes: formatBytes,
  count: formatCount,
  ratio: formatRatio,
  share: formatShare,
};
