import type { DatabaseContext } from './database-context.js';
import { newFieldExpiries, newFieldHashes } from './database-tables.js';
import type { FieldExpiries } from './field-expiries.js';
import type { KeyTables } from './key-tables.js';
import type { Keyspace } from './keyspace.js';
import { isInTable, tableOfRow } from './row-tables.js';
import { typeOfKind } from './string-value.js';
import { ValueType } from './value-model.js';

/** The hashes of a database that have fields that expire. */
export class TimedHashes {
  /** Their table, in versions that keep them in one. */
  readonly table: KeyTables | undefined;
  /** Their order by time, in versions that keep one. */
  readonly order: FieldExpiries | undefined;
  readonly #keyspace: Keyspace;

  constructor(context: DatabaseContext) {
    this.#keyspace = context.keyspace;
    this.table = newFieldHashes(context);
    this.order = newFieldExpiries(context);
  }

  /** Whether a value is a hash that belongs in the table. */
  hasPlaceFor(kind: number, payload: number): boolean {
    if (this.table === undefined || typeOfKind(kind) !== ValueType.hash) return false;
    const { models } = this.#keyspace;
    return !models.isClosed(payload) && models.at(payload).hasExpiries === true;
  }

  /** Adds a hash to the table, unless it is there. */
  add(row: number): void {
    const keyspace = this.#keyspace;
    const name = keyspace.nameOf(row);
    const hashes = this.table!.for(name, 0, name.length);
    hashes.makeReady(keyspace.hash(row));
    if (isInTable(hashes, row, keyspace.hash(row))) return;
    hashes.insert(row);
    this.table!.changed(hashes, 1);
  }

  /** Removes a hash from the table, if it is there. */
  remove(row: number): void {
    const hashes = tableOfRow(this.#keyspace, this.table!, row);
    if (hashes === undefined || hashes.used === 0) return;
    const hash = this.#keyspace.hash(row);
    hashes.stepAt(hash);
    if (!isInTable(hashes, row, hash)) return;
    hashes.unlink(row);
    hashes.shrinkIfNeeded();
    this.table!.changed(hashes, -1);
  }

  /** Removes a hash after deletions of fields, if it had some that expire and has none. */
  fieldsDeleted(row: number, had: boolean): void {
    if (this.order === undefined) this.fieldsChanged(row, had);
    else if (had && this.#keyspace.modelOf(row).hasExpiries !== true) this.order.remove(row);
  }

  /** Adds a loaded hash to the order, by the time of its first field that expires. */
  loaded(row: number): void {
    const keyspace = this.#keyspace;
    // A closed hash has no expiries.
    if (this.order === undefined || keyspace.models.isClosed(keyspace.payload(row))) return;
    const first = keyspace.modelOf(row).firstExpiryMs ?? Infinity;
    if (first !== Infinity) this.order.add(row, first);
  }

  /** Notes that fields of a hash got times of `firstMs` and later. */
  fieldsTimed(row: number, firstMs: number): void {
    if (this.order === undefined) return;
    const hash = this.#keyspace.modelOf(row);
    if (hash.size > 0) this.order.fieldsSet(row, firstMs, hash.firstExpiryMs ?? Infinity);
  }

  /** Adds or removes a hash after a change, if only one of before and after has fields that expire. */
  fieldsChanged(row: number, had: boolean): void {
    if (this.table === undefined) return;
    const has = this.#keyspace.modelOf(row).hasExpiries === true;
    if (has === had) return;
    if (has) this.add(row);
    else this.remove(row);
  }
}
