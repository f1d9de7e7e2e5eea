/** Parses sizes as servers and programs print them. */

const UNIT: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Returns the bytes of a unit by its first letter, as of `MiB`, `kbytes` or `mb`. */
export function unitBytes(name: string): number {
  return UNIT[name[0]!.toLowerCase()] ?? 1;
}

/**
 * Returns the bytes of a size like 123, 12,345, 12,34,567, 7.71 GiB, 7,71 GiB or 1.2e9; null if it is none. Units are powers
 * of 1024, as redis, jemalloc and ClickHouse print them.
 */
export function parseSize(text: string): number | null {
  const match = /^(-?\d[\d.,_' ]*(?:e\+?\d+)?)\s*([kmgt]?)(?:i?b|bytes)?$/i.exec(text.trim());
  if (match === null) return null;
  const [, figure = '', unit = ''] = match;
  const isDecimal = unit !== '' && DECIMAL_COMMA.test(figure.trim());
  const digits = isDecimal ? figure.replace(',', '.') : withoutSeparators(figure.trim());
  if (digits === null) return null;
  return Math.round(Number(digits) * UNIT[unit.toLowerCase()]!);
}

/** Whether a size has a unit or a fraction, so that it is rounded. */
export function isRounded(text: string): boolean {
  const figure = text.trim().replace(/(?:bytes|b)$/i, '');
  return /[a-z.]/i.test(figure) && !isGroupedByDots(figure);
}

/** Whether dots in a figure separate thousands, and not a fraction. */
export function isGroupedByDots(figure: string): boolean {
  return /^-?\d{1,3}(?:\.\d{3}){2,}$/.test(figure);
}

const DECIMAL_COMMA = /^-?\d+,\d{1,2}$/;

/** The ways to separate thousands, the Indian one among them. */
const GROUPED = [/^-?\d{1,3}([,_' ])\d{3}(?:\1\d{3})*(?:\.\d+)?$/, /^-?\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$/];

/** Removes separators of thousands; null if the digits are not grouped as thousands are. */
function withoutSeparators(figure: string): string | null {
  if (/^-?\d+(?:\.\d+)?(?:e\+?\d+)?$/i.test(figure)) return figure;
  if (isGroupedByDots(figure)) return figure.replaceAll('.', '');
  return GROUPED.some((form) => form.test(figure)) ? figure.replaceAll(/[,_' ]/g, '') : null;
}
