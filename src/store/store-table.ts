import type { Random } from '../base/index.js';
import { firstIndexWhere } from '../base/index.js';

interface Row<Value> {
  value: Value;
  readonly number: number;
}

/**
 * Keeps values by name, in insertion order, for scans in steps. Each name keeps its number while it exists, so that a
 * cursor misses none, even when others are added or deleted between the steps.
 */
export class Table<Value> {
  readonly #rows = new Map<string, Row<Value>>();
  /** Names by number, ascending. Deleted names leave holes; above 16 entries, there are never more holes than names. */
  #names: (string | undefined)[] = [];
  #numbers: number[] = [];
  #next = 1;

  get size(): number {
    return this.#rows.size;
  }

  has(name: string): boolean {
    return this.#rows.has(name);
  }

  get(name: string): Value | undefined {
    return this.#rows.get(name)?.value;
  }

  /** Sets the value of a name; returns whether the name is new. */
  set(name: string, value: Value): boolean {
    const row = this.#rows.get(name);
    if (row !== undefined) {
      row.value = value;
      return false;
    }
    this.#rows.set(name, { value, number: this.#next });
    this.#names.push(name);
    this.#numbers.push(this.#next++);
    return true;
  }

  delete(name: string): boolean {
    const row = this.#rows.get(name);
    if (row === undefined) return false;
    this.#rows.delete(name);
    this.#names[this.#positionOf(row.number)] = undefined;
    if (this.#names.length > 16 && this.#names.length > this.#rows.size * 2) this.#closeHoles();
    return true;
  }

  names(): MapIterator<string> {
    return this.#rows.keys();
  }

  *values(): Generator<Value> {
    for (const { value } of this.#rows.values()) yield value;
  }

  *entries(): Generator<[string, Value]> {
    for (const [name, { value }] of this.#rows) yield [name, value];
  }

  /** Returns up to `count` names from a cursor on (0 for the first), and the next cursor (0 at the end). */
  scan(cursor: number, count: number): { readonly names: string[]; readonly cursor: number } {
    const names: string[] = [];
    let at = this.#positionOf(cursor);
    for (; at < this.#names.length && names.length < count; at++) {
      const name = this.#names[at];
      if (name !== undefined) names.push(name);
    }
    while (at < this.#names.length && this.#names[at] === undefined) at++;
    return { names, cursor: this.#numbers[at] ?? 0 };
  }

  /** Returns a random name; there must be one. */
  random(random: Random): string {
    for (;;) {
      const name = this.#names[random.below(this.#names.length)];
      if (name !== undefined) return name;
    }
  }

  copy(): Table<Value> {
    const copy = new Table<Value>();
    for (const [name, value] of this.entries()) copy.set(name, value);
    return copy;
  }

  /** Returns the index of the first number not below this one. */
  #positionOf(number: number): number {
    const numbers = this.#numbers;
    return firstIndexWhere(0, numbers.length, (at) => numbers[at]! >= number);
  }

  #closeHoles(): void {
    this.#numbers = this.#numbers.filter((_, at) => this.#names[at] !== undefined);
    this.#names = this.#names.filter((name) => name !== undefined);
  }
}
