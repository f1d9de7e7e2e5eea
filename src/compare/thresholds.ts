/** Thresholds: how far a figure may move. */
import { hintOf, InputError, nearestName } from '../base/index.js';
import { type Figure, ownerText } from './figure.js';
import { groupsOf, METRIC_GROUPS, METRICS, OF_NATIVE } from './metrics.js';

/** An absolute number, or a percentage of the earlier figure. */
export interface Threshold {
  readonly amount: number;
  readonly isPercent: boolean;
  /** The only direction that counts; a movement in the other one passes. Absent: both count. */
  readonly direction?: 'up' | 'down';
}

/**
 * Thresholds by metric, group (`bins`) or `*`, where a metric may name its owner (`types.types.bytes[hash]`). The nearest
 * one applies. Without one, figures must be equal.
 */
export type Thresholds = Readonly<Record<string, Threshold>>;

const KNOWN = [...METRICS, ...METRIC_GROUPS, OF_NATIVE];

/** A figure or group by its name, and the owner in brackets after it. */
export interface FigureName {
  readonly metric: string;
  /** Undefined: every owner. */
  readonly owner: string | undefined;
}

/** Parses a name such as `owners.patterns.bytes[session:*]`. The metric is not checked. */
export function parseFigureName(text: string): FigureName {
  const [, metric = text, owner] = /^([^[]+)\[(.+)\]$/.exec(text) ?? [];
  return { metric, owner };
}

/** Whether a name stands for a figure: by itself, by its group, or as one of all. */
export function isNamed({ metric, owner }: FigureName, figure: Pick<Figure, 'metric' | 'owner'>): boolean {
  if (owner !== undefined && (figure.owner === null || ownerText(figure.owner) !== owner)) return false;
  return metric === '*' || metric === figure.metric || groupsOf(figure.metric).includes(metric);
}

export function checkMetric(text: string): string {
  const { metric: name, owner } = parseFigureName(text);
  if (owner !== undefined && !/^(types|owners)\./.test(name)) {
    throw new InputError(
      `\`${text}\`: only figures of \`types.\` and \`owners.\` have an owner; remove [${owner}]`,
    );
  }
  if (KNOWN.includes(name)) return text;
  // A name without its group is found first, since the nearest name by letters would be another one.
  const near = METRICS.find((metric) => metric.endsWith(`.${name}`)) ?? nearestName(name, KNOWN);
  throw new InputError(`\`${name}\` is not a figure that is compared; ${hintOf(near, KNOWN)}`);
}

/** Parses a threshold like 8, "8", "2.5%" or "up 1%". */
export function parseThreshold(value: unknown): Threshold {
  const found = /^(?:(up|down) )?(\d+(?:\.\d+)?)(%?)$/.exec(`${value as string}`);
  if (found !== null && (typeof value === 'number' || typeof value === 'string')) {
    const [, direction, amount, percent] = found;
    return {
      amount: Number(amount),
      isPercent: percent === '%',
      ...(direction === 'up' || direction === 'down' ? { direction } : {}),
    };
  }
  throw new InputError(
    `\`${JSON.stringify(value)}\` is not a threshold; give a number that is not negative, for the figure itself ` +
      '(4096), or for percent of what it was ("1%"), with "up " or "down " before it if only that direction counts',
  );
}

/** Parses texts of the form `metric=threshold`. */
export function parseThresholds(texts: readonly string[]): Thresholds {
  const thresholds: Record<string, Threshold> = {};
  for (const text of texts) {
    const equals = text.lastIndexOf('=');
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

export function thresholdOf(
  thresholds: Thresholds,
  { metric, owner }: Pick<Figure, 'metric' | 'owner'>,
): Threshold {
  const names = [metric, ...groupsOf(metric)];
  const owned = owner === null ? [] : names.map((name) => `${name}[${ownerText(owner)}]`);
  const nearest = [...owned, ...names, '*'].find((name) => thresholds[name] !== undefined);
  return (nearest === undefined ? undefined : thresholds[nearest]) ?? EQUAL;
}

export function isBeyond(
  { amount, isPercent, direction }: Threshold,
  before: number | null,
  after: number | null,
): boolean {
  if (before === null || after === null) return before !== after;
  const allowed = isPercent ? (Math.abs(before) * amount) / 100 : amount;
  if (direction !== undefined && after > before !== (direction === 'up')) return false;
  return Math.abs(after - before) > allowed;
}

/** Formats a threshold like "1%", "4096" or "up 1%". */
export function thresholdText({ amount, isPercent, direction }: Threshold): string {
  const text = isPercent ? `${amount}%` : `${amount}`;
  return direction === undefined ? text : `${direction} ${text}`;
}
