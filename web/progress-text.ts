import { formatCount } from '../src/base/index.js';
import type { Running } from './session.js';

/** Returns how far a run is, such as "420,000 operations · 38%". */
export function progressText({ share, operations }: Pick<Running, 'share' | 'operations'>): string {
  const done = operations === 0 ? 'starting' : `${formatCount(operations)} operations`;
  return share === null ? done : `${done} · ${Math.floor(share * 100)}%`;
}
