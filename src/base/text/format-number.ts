/** 26164 -> 26,164. The locale is fixed: the same run prints the same text everywhere. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** 0.5 -> 50.0%. Never rounded up to 100% or down to 0%: those two are claims. */
export function formatShare(share: number): string {
  const percent = (share * 100).toFixed(1);
  if (percent === '100.0' && share < 1) return '>99.9%';
  if (percent === '0.0' && share > 0) return '<0.1%';
  return `${percent}%`;
}

export function formatRatio(ratio: number): string {
  return ratio.toFixed(2);
}

/** "1 slab", "2 slabs" */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
