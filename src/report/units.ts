import type { Unit } from '../../workloads/index.js';
import { formatBytes } from '../base/text/format-bytes.js';
import { formatCount, formatRatio, formatShare } from '../base/text/format-number.js';

/** How a figure of each unit is printed. */
export const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  bytes: formatBytes,
  count: formatCount,
  ratio: formatRatio,
  share: formatShare,
};
