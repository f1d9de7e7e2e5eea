/** Reads figures from the fields of INFO, and notes what is missing, rounded, wrapped or contradicted. */
import { isGroupedByDots, isRounded, parseSize } from '../paste/sizes.js';

/** Something about a field of INFO that the reader of an explanation should know. */
export type Fault =
  | { readonly kind: 'missing'; readonly field: string }
  | { readonly kind: 'unreadable'; readonly field: string; readonly value: string }
  /** The value is from a field in units of a person. */
  | { readonly kind: 'rounded'; readonly field: string; readonly from: string }
  | { readonly kind: 'derived'; readonly field: string; readonly from: string }
  /** The server's counter fell below zero by `bytes`. */
  | { readonly kind: 'wrapped'; readonly field: string; readonly bytes: number }
  | { readonly kind: 'contradicted'; readonly field: string; readonly value: string; readonly by: string }
  /** The text ends in the value. */
  | { readonly kind: 'cut'; readonly field: string; readonly value: string };

/** A figure for people ends in its unit, unless it was cut. */
const HAS_UNIT = /[a-z]$/i;
/** No address space is larger. */
const MAX_BYTES = 2 ** 57;
/** With or without a last digit a figure is ten times as much, or a tenth. */
const LOST_DIGIT = 5;

export class InfoFigures {
  readonly faults: Fault[] = [];
  readonly #fields: ReadonlyMap<string, string>;
  readonly #bits: 32 | 64;
  /** Whether dots separate thousands in these figures, so that 12.345 is no fraction. */
  readonly #hasDots: boolean;
  /** Figures that lost their last digits, as their forms for people show. */
  readonly #cut = new Set<string>();

  constructor(fields: ReadonlyMap<string, string>) {
    this.#fields = fields;
    this.#bits = fields.get('arch_bits') === '32' ? 32 : 64;
    this.#hasDots = [...fields.values()].some(isGroupedByDots);
  }

  /** Returns a figure that not every version prints; null without it. */
  optional(field: string): number | null {
    const text = this.#textOf(field);
    if (text === undefined || this.#cut.has(field)) return null;
    if (/^\d{10,20}$/.test(text) || /^-\d+$/.test(text)) {
      const value = BigInt(text);
      const below = value < 0n ? -value : this.#wrappedBy(value);
      if (below !== null) {
        this.faults.push({ kind: 'wrapped', field, bytes: Number(below) });
        return null;
      }
    }
    const value = parseSize(text);
    if (value === null || value > MAX_BYTES) {
      this.faults.push({ kind: 'unreadable', field, value: text });
      return null;
    }
    if (isRounded(text)) this.faults.push({ kind: 'rounded', field, from: field });
    return value;
  }

  #textOf(field: string): string | undefined {
    const text = this.#fields.get(field);
    return text !== undefined && this.#hasDots && /^\d{1,3}\.\d{3}$/.test(text)
      ? text.replace('.', '')
      : text;
  }

  /** Returns a figure that a split needs; its rounded form, or null with a fault, if it is not there. */
  needed(field: string): number | null {
    if (this.#fields.has(field) && !this.#cut.has(field)) return this.optional(field);
    const rounded = this.#fields.get(`${field}_human`);
    const value = rounded === undefined || !HAS_UNIT.test(rounded) ? null : parseSize(rounded);
    this.faults.push(
      value === null ? { kind: 'missing', field } : { kind: 'rounded', field, from: `${field}_human` },
    );
    return value;
  }

  /** Returns a quotient that INFO prints; null without it, and where the server could not compute it. */
  ratio(field: string): number | null {
    const text = this.#fields.get(field);
    const value =
      text !== undefined && /^\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : null;
    return value === 0 ? null : value;
  }

  /** Notes a fault, and forgets that the field is missing if something else has its value. */
  note(fault: Fault): void {
    const missing = this.faults.findIndex(({ kind, field }) => kind === 'missing' && field === fault.field);
    if (missing >= 0) this.faults.splice(missing, 1);
    this.faults.push(fault);
  }

  /** Returns how far a counter is below zero; null if it is not. */
  #wrappedBy(value: bigint): bigint | null {
    if (value >= 1n << 63n && value < 1n << 64n) return (1n << 64n) - value;
    // On 32-bit servers the upper half of the range is no size that a process can have.
    if (this.#bits === 32 && value >= 3n << 30n && value < 1n << 32n) return (1n << 32n) - value;
    return null;
  }

  /** Notes each figure whose form for people says something else. */
  checkHuman(): void {
    for (const [name, text] of this.#fields) {
      if (!/^used_memory(?:_rss|_peak|_lua)?$/.test(name)) continue;
      const human = this.#fields.get(`${name}_human`) ?? '';
      const [value, shown] = [parseSize(text), parseSize(human)];
      if (value === null || shown === null || isRounded(text)) continue;
      // Two decimals of a unit.
      const unit = 1024 ** 'bkmgt'.indexOf((/[kmgt]/i.exec(human)?.[0] ?? 'b').toLowerCase());
      if (Math.abs(value - shown) > Math.max(0.011 * unit, 1)) {
        this.faults.push({ kind: 'contradicted', field: name, value: text, by: `${name}_human:${human}` });
        if (value <= 0) continue;
        if (!HAS_UNIT.test(human) || shown > LOST_DIGIT * value || value > LOST_DIGIT * shown)
          this.#cut.add(name);
      }
    }
  }
}
