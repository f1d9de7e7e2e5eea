import type { Random } from '../base/index.js';
import { firstIndexWhere, ReturningMap } from '../base/index.js';

interface Row<Value> {
  readonly name: string;
  value: Value;
  readonly number: number;
  isDeleted: boolean;
}

/**
 * Keeps values by name, in insertion order, for scans in steps. Each name keeps its number while it exists, so that a
 * cursor misses none, even when others are added or deleted between the steps.
 */
export class Table<Value> {
  readonly #byName = new ReturningMap<string, Row<Value>>();
  /** Rows by number, ascending. Above 16 entries, there are never more deleted rows than others. */
  #rows: Row<Value>[] = [];
  #next = 1;

  get size(): number {
    return this.#byName.size;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  get(name: string): Value | undefined {
    return this.#byName.get(name)?.value;
  }

  /** Sets the value of a name; returns whether the name is new. */
  set(name: string, value: Value): boolean {
    const row = this.#byName.get(name);
    if (row !== undefined) {
      row.value = value;
      return false;
    }
    const added = { name, value, number: this.#next++, isDeleted: false };
    this.#byName.set(name, added);
    this.#rows.push(added);
    return true;
  }

  delete(name: string): boolean {
    const row = this.#byName.get(name);
    if (row === undefined) return false;
    this.#byName.delete(name);
    row.isDeleted = true;
    if (this.#rows.length > 16 && this.#rows.length > this.size * 2) {
      this.#rows = this.#rows.filter(({ isDeleted }) => !isDeleted);
    }
    return true;
  }

  *names(): Generator<string> {
    for (const { name } of this.#existing()) yield name;
  }

  *values(): Generator<Value> {
    for (const { value } of this.#existing()) yield value;
  }

  *entries(): Generator<[string, Value]> {
    for (const { name, value } of this.#existing()) yield [name, value];
  }

  /** Returns up to `count` names from a cursor on (0 for the first), and the next cursor (0 at the end). */
  scan(cursor: number, count: number): { readonly names: string[]; readonly cursor: number } {
    const rows = this.#rows;
    const names: string[] = [];
    let at = firstIndexWhere(0, rows.length, (index) => rows[index]!.number >= cursor);
    for (; at < rows.length && names.length < count; at++) {
      const { name, isDeleted } = rows[at]!;
      if (!isDeleted) names.push(name);
    }
    while (rows[at]?.isDeleted === true) at++;
    return { names, cursor: rows[at]?.number ?? 0 };
  }

  /** Returns a random name; there must be one. */
  random(random: Random): string {
    for (;;) {
      const { name, isDeleted } = this.#rows[random.below(this.#rows.length)]!;
      if (!isDeleted) return name;
    }
  }

  copy(): Table<Value> {
    const copy = new Table<Value>();
    for (const [name, value] of this.entries()) copy.set(name, value);
    return copy;
  }

  *#existing(): Generator<Row<Value>> {
    for (const row of this.#rows) if (!row.isDeleted) yield row;
  }
}
