import { formatBytes } from '../base/index.js';

/**
 * Formats amounts so that the printed ones add up to the printed total: to a tenth of the total's unit, by the largest
 * remainder. An amount below one of that unit is printed in a smaller one.
 */
export function formatParts(amounts: readonly number[], total: number): string[] {
  const unit = unitOf(total);
  const tenths = amounts.map((bytes) => (bytes / unit) * 10);
  const printed = tenths.map(Math.floor);
  let left = Math.round((total / unit) * 10) - printed.reduce((sum, each) => sum + each, 0);
  const byRemainder = [...tenths.keys()].sort(
    (a, b) => remainder(tenths[b]!) - remainder(tenths[a]!) || a - b,
  );
  for (const index of byRemainder) {
    if (left <= 0) break;
    printed[index]!++;
    left--;
  }
  return amounts.map((bytes, index) =>
    bytes < unit || unit === 1 ? formatBytes(bytes) : formatBytes((printed[index]! / 10) * unit),
  );
}

function unitOf(bytes: number): number {
  let unit = 1;
  while (bytes >= 1023.95 * unit) unit *= 1024;
  return unit;
}

function remainder(value: number): number {
  return value - Math.floor(value);
}
