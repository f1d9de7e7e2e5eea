/** Parses sizes as servers and programs print them. */

const UNIT: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Returns the bytes of a unit by its first letter, as of `MiB`, `kbytes` or `mb`. */
export function unitBytes(name: string): number {
  return UNIT[name[0]!.toLowerCase()] ?? 1;
}

/**
 * Returns the bytes of a size like 123, 12,345, 7.71 GiB or 1.2e9; null if it is none. Units are powers of 1024, as
 * redis, jemalloc and ClickHouse print them.
 */
export function parseSize(text: string): number | null {
  const match = /^(-?\d[\d.,_' ]*(?:e\+?\d+)?)\s*([kmgt]?)(?:i?b|bytes)?$/i.exec(text.trim());
  if (match === null) return null;
  const [, figure = '', unit = ''] = match;
  const digits = withoutSeparators(figure.trim());
  if (digits === null) return null;
  return Math.round(Number(digits) * UNIT[unit.toLowerCase()]!);
}

/** Whether a size has a unit or a fraction, so that it is rounded. */
export function isRounded(text: string): boolean {
  return /[a-z.]/i.test(text.trim().replace(/(?:bytes|b)$/i, ''));
}

/** Removes separators of thousands; null if the digits are not grouped as thousands are. */
function withoutSeparators(figure: string): string | null {
  if (/^-?\d+(?:\.\d+)?(?:e\+?\d+)?$/i.test(figure)) return figure;
  if (/^-?\d{1,3}(?:([,_' ])\d{3})(?:\1\d{3})*(?:\.\d+)?$/.test(figure))
    return figure.replaceAll(/[,_' ]/g, '');
  return /^-?\d{1,3}(?:\.\d{3}){2,}$/.test(figure) ? figure.replaceAll('.', '') : null;
}
