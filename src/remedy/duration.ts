const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Virtual time is written in steps, so that a year would take longer than it is worth. */
const MAX_MS = 30 * 86_400_000;

/** The form of a time, for messages. */
export const DURATION_FORM = 'a number with its unit, up to 30 days: 500ms, 10s, 5m, 2h or 1d';

/** Returns the milliseconds of a text such as 10s; undefined for a text that is no time from 1ms to 30d. */
export function parseDuration(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Math.round(Number(digits) * (UNITS[unit] ?? Number.NaN));
  return digits !== '' && ms >= 1 && ms <= MAX_MS ? ms : undefined;
}
