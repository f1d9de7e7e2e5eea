/** Formats 26164 as 26,164. The locale is fixed: the same run prints the same text everywhere. */
export function formatCount(count: number): string {
  // A first toLocaleString costs 30 ms, a tenth of a short run, since it loads the rules of all locales.
  return Number.isSafeInteger(count) ? grouped(String(count)) : count.toLocaleString('en-US');
}

/** Formats 0.5 as 50.0%. A share is never rounded up to 100% or down to 0%, since those two are claims. */
export function formatShare(share: number): string {
  const percent = (share * 100).toFixed(1);
  if (percent === '100.0' && share < 1) return '>99.9%';
  if (percent === '0.0' && share > 0) return '<0.1%';
  return `${percent}%`;
}

export function formatRatio(ratio: number): string {
  return ratio.toFixed(2);
}

/** Returns "1 slab" or "2 slabs". */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
