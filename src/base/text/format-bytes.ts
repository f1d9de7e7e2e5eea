const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** The one formatter of memory sizes: 512 B, 4.0 KiB, 97.7 MiB. Powers of 1024, always. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 1023.95 would be printed as "1024.0": that is already one of the next unit.
  while (Math.abs(value) >= (unit === 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
