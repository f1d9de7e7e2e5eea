/** Thresholds: how far a figure may move. */
import { hintOf, InputError, nearestName } from '../base/index.js';
import { groupsOf, METRIC_GROUPS, METRICS, OF_NATIVE } from './metrics.js';

/** An absolute number, or a percentage of the earlier figure. */
export interface Threshold {
  readonly amount: number;
  readonly isPercent: boolean;
}

/** Thresholds by metric, group (`bins`) or `*`; the nearest one applies. Without one, figures must be equal. */
export type Thresholds = Readonly<Record<string, Threshold>>;

const KNOWN = [...METRICS, ...METRIC_GROUPS, OF_NATIVE];

export function checkMetric(name: string): string {
  if (KNOWN.includes(name)) return name;
  // A name without its group is found first, since the nearest name by letters would be another one.
  const near = METRICS.find((metric) => metric.endsWith(`.${name}`)) ?? nearestName(name, KNOWN);
  throw new InputError(`\`${name}\` is not a figure that is compared; ${hintOf(near, KNOWN)}`);
}

/** Parses a threshold like 8, "8" or "2.5%". */
export function parseThreshold(value: unknown): Threshold {
  const found = /^(\d+(?:\.\d+)?)(%?)$/.exec(`${value as string}`);
  const isThreshold = found !== null && (typeof value === 'number' || typeof value === 'string');
  if (isThreshold) return { amount: Number(found[1]), isPercent: found[2] === '%' };
  throw new InputError(
    `\`${JSON.stringify(value)}\` is not a threshold; give a number that is not negative, for the figure itself ` +
      '(4096), or for percent of what it was ("1%")',
  );
}

/** Parses texts of the form `metric=threshold`. */
export function parseThresholds(texts: readonly string[]): Thresholds {
  const thresholds: Record<string, Threshold> = {};
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      throw new InputError(
        `--threshold ${text}: write it as metric=amount, for example --threshold memory.resident=1%`,
      );
    }
    const name = text.slice(0, equals);
    blaming(`--threshold ${text}`, () => {
      if (Object.hasOwn(thresholds, checkMetric(name))) {
        throw new InputError(`\`${name}\` is given twice; keep one of them`);
      }
      thresholds[name] = parseThreshold(text.slice(equals + 1));
    });
  }
  return thresholds;
}

function blaming(culprit: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${culprit}: ${error.message}`);
    throw error;
  }
}

const EQUAL: Threshold = { amount: 0, isPercent: false };

export function thresholdOf(thresholds: Thresholds, metric: string): Threshold {
  const nearest = [metric, ...groupsOf(metric), '*'].find((name) => thresholds[name] !== undefined);
  return (nearest === undefined ? undefined : thresholds[nearest]) ?? EQUAL;
}

export function isBeyond(
  { amount, isPercent }: Threshold,
  before: number | null,
  after: number | null,
): boolean {
  if (before === null || after === null) return before !== after;
  const allowed = isPercent ? (Math.abs(before) * amount) / 100 : amount;
  return Math.abs(after - before) > allowed;
}

/** Formats a threshold like "1%" or "4096"; "" for equality. */
export function thresholdText({ amount, isPercent }: Threshold): string {
  return isPercent ? `${amount}%` : `${amount}`;
}
