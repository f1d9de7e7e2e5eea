/** Whatever else runs only ever adds time, so fast quartiles are compared, which a busy machine moves less than medians. */

export function fastQuartileOfTimes(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 4)]!;
}

export function fastQuartileOfRates(rates: readonly number[]): number {
  return [...rates].sort((a, b) => b - a)[Math.floor(rates.length / 4)]!;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export interface Centre {
  readonly mean: number;
  /** Standard error of it. */
  readonly error: number;
}

/** Of all but the highest and the lowest; there must be at least four. */
export function centre(values: readonly number[]): Centre {
  const kept = [...values].sort((a, b) => a - b).slice(1, -1);
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1);
  return { mean, error: Math.sqrt(variance / kept.length) };
}

/** Of a share. */
export function shareText({ mean, error }: Centre): string {
  return `${(mean * 100).toFixed(1)} ±${(error * 100).toFixed(1)}%`;
}
