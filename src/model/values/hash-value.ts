import { type Heap, ListpackKind } from '../heap/index.js';
import {
  type HashTable,
  onePart,
  type Try,
  type ValueModel,
  type ValueParts,
  ValueType,
} from '../keyspace/index.js';
import { HashFields, KEEPS_EXPIRY } from './hash-fields.js';
import { HashPack } from './hash-pack.js';
import { Listpack } from './listpack.js';
import type { LookupKey } from './lookup-key.js';
import { numberText, valueLength } from './value-code.js';
import type { ValueContext } from './value-context.js';

/** The result of a change to the expiry of a field, as replies have it. */
export const FieldResult = { noField: -2, noExpiry: -1, notMet: 0, set: 1, deleted: 2 } as const;
export type FieldResult = (typeof FieldResult)[keyof typeof FieldResult];

/**
 * A hash: one listpack of fields and values, or a hash table. The first entry that is too large or one too many
 * converts the listpack for good.
 */
export class HashValue implements ValueModel {
  readonly type = ValueType.hash;
  readonly #space: ValueContext;
  #form: HashPack | HashFields;

  constructor(
    space: ValueContext,
    start: Listpack | HashPack | HashFields = Listpack.create(space.heap, ListpackKind.hash),
  ) {
    this.#space = space;
    this.#form = start instanceof Listpack ? new HashPack(space, start) : start;
  }

  get encoding(): 'hashtable' | 'listpack' | 'listpackex' {
    if (this.#form instanceof HashFields) return 'hashtable';
    return this.#form.isTimed ? 'listpackex' : 'listpack';
  }

  get size(): number {
    return this.#form.size;
  }

  get freeEffort(): number {
    return this.#form instanceof HashPack ? 1 : this.#form.size;
  }

  get logicalBytes(): number {
    return this.#form.bytes;
  }

  parts(): ValueParts {
    const form = this.#form;
    if (form instanceof HashFields) return form.parts();
    return onePart(form.bytes, form.usage);
  }

  get listpackBytes(): number {
    return this.#form instanceof HashPack ? this.#form.listpack.bytes : 0;
  }

  /** The hash table, or undefined for a listpack. */
  get table(): HashTable | undefined {
    return this.#form instanceof HashFields ? this.#form.table : undefined;
  }

  /** Whether any field expires. */
  get hasExpiries(): boolean {
    const form = this.#form;
    return form instanceof HashFields ? form.hasExpiries : form.firstExpiryMs !== Infinity;
  }

  /** Returns the first time at which a field expires, in milliseconds since 1970; Infinity if there is none. */
  get firstExpiryMs(): number {
    return this.#form.firstExpiryMs;
  }

  /** Whether a field is there, but has expired. */
  isExpired(field: LookupKey): boolean {
    const expiry =
      this.#form instanceof HashPack ? this.#form.expiryOf(field) : this.expiryWithoutStep(field);
    return expiry !== undefined && this.#space.isExpired(expiry);
  }

  /**
   * Converts the hash before a command sets `fields` fields, if needed (hashTypeTryConversion). The longest field or
   * value has `longest` bytes.
   */
  prepare(fields: number, longest: number): void {
    if (this.#form instanceof HashFields) return;
    const { settings, policy } = this.#space;
    if (policy.presizesHash && fields > settings.hashMaxListpackEntries) {
      this.#toFields().table.resizeTo(fields);
    } else if (longest > settings.hashMaxListpackValue) {
      this.#toFields();
    }
  }

  /** Adds a pair of a loaded listpack that contains it already; `fitLoaded` follows the last one. */
  adopt(field: LookupKey, value: LookupKey, expiry = 0): void {
    if (this.#form instanceof HashPack) this.#form.adopt(field, value, expiry);
  }

  /** Makes the struct of a loaded listpack that contains expiries already. */
  adoptTimes(): void {
    if (this.#form instanceof HashPack) this.#form.makeStruct();
  }

  /** Converts a loaded listpack with more pairs than the limit to a hash table. */
  fitLoaded(): void {
    if (this.size > this.#space.settings.hashMaxListpackEntries) this.#toFields();
  }

  /**
   * Adds a pair of a hash that is loaded pair by pair, whose strings exist already. A hash table keeps the strings, a
   * listpack copies and frees them. Returns whether the field is new.
   */
  addLoaded(
    field: LookupKey,
    value: LookupKey,
    fieldHandle: number,
    valueHandle: number,
    expiry = 0,
  ): boolean {
    const { heap } = this.#space;
    const form = this.#isTooLong(field, value) ? this.#toFields() : this.#form;
    if (form instanceof HashFields) return form.addLoaded(field, value, fieldHandle, valueHandle, expiry);
    form.append(field, value, expiry);
    heap.free(fieldHandle);
    heap.free(valueHandle);
    return true;
  }

  /** Converts the empty hash to a hash table, before more fields are loaded than a listpack may have. */
  toTable(): void {
    this.#toFields();
  }

  /** Makes room in a hash table for the `count` fields that are still to load. */
  presize(count: number): void {
    this.table?.resizeTo(count);
  }

  /**
   * Sets a field (hashTypeSet), with the expiry that it is to have, 0 for none. Returns whether the field is new, or had
   * expired. `taken` is an existing sds of the value (HINCRBY), or 0. A hash table keeps it, a listpack frees it.
   */
  set(field: LookupKey, value: LookupKey, taken = 0, expiry = 0): boolean {
    const { settings, heap } = this.#space;
    const form = expiry > 0 || this.#isTooLong(field, value) ? this.#toFields() : this.#form;
    if (form instanceof HashFields) return form.set(field, value, taken, expiry);
    const isNew = form.set(field, value, expiry === KEEPS_EXPIRY);
    if (form.size > settings.hashMaxListpackEntries) this.#toFields();
    if (taken !== 0) heap.free(taken);
    return isNew;
  }

  /** Sets a field, which keeps the expiry that it has. */
  setKeeping(field: LookupKey, value: LookupKey, taken = 0): boolean {
    return this.set(field, value, taken, KEEPS_EXPIRY);
  }

  /** Returns the value's code if the field exists (hashTypeGetValue); a hash table moves a bucket. */
  get(field: LookupKey): number | undefined {
    const form = this.#form;
    if (form instanceof HashPack) return this.isExpired(field) ? undefined : form.get(field);
    const member = form.find(field);
    return member === 0 ? undefined : this.#space.members.valueCodeOf(member);
  }

  /** Returns the expiry of a field, 0 if it never expires; undefined if there is no such field. */
  expiryOf(field: LookupKey): number | undefined {
    const form = this.#form;
    if (form instanceof HashPack) return this.isExpired(field) ? undefined : form.expiryOf(field);
    const member = form.find(field);
    return member === 0 ? undefined : this.#space.members.expiryOf(member);
  }

  /** Returns the expiry of a field that exists, 0 if it never expires, without moving a bucket. */
  expiryWithoutStep(field: LookupKey): number {
    const form = this.#form;
    if (form instanceof HashPack) return form.expiryOf(field) ?? 0;
    const member = this.#space.peek(form.table, field);
    return member === 0 ? 0 : this.#space.members.expiryOf(member);
  }

  /** Gives the hash room for expiries before they are set, where ebuckets order them (hashTypeSetExInit). */
  makeTimed(): void {
    if (this.#space.policy.fieldExpiry === 'ebuckets') this.#form.makeTimed();
  }

  /** Sets the expiry of a field if `mayChange` allows it for the one before (hashTypeSetExpire). */
  setExpiry(field: LookupKey, when: number, mayChange: (before: number) => boolean): FieldResult {
    if (this.#space.policy.fieldExpiry === 'ebuckets') return this.#setTimed(field, when, mayChange);
    const isPast = this.#space.isInThePast(when);
    if (this.#form instanceof HashPack) {
      if (this.#form.get(field) === undefined) return FieldResult.noField;
      if (!mayChange(0)) return FieldResult.notMet;
      if (isPast) return this.#deleted(field);
    }
    const fields = this.#toFields();
    const member = fields.find(field);
    if (member === 0) return FieldResult.noField;
    if (!mayChange(this.#space.members.expiryOf(member))) return FieldResult.notMet;
    if (isPast) return this.#deleted(field);
    fields.setExpiry(member, when);
    return FieldResult.set;
  }

  /** Sets the expiry of a field, even of one that has expired (hashTypeSetEx). */
  #setTimed(field: LookupKey, when: number, mayChange: (before: number) => boolean): FieldResult {
    const form = this.#form;
    const member = form instanceof HashFields ? form.findAny(field) : 0;
    const before = form instanceof HashPack ? form.expiryOf(field) : this.#space.members.expiryOf(member);
    if (before === undefined || (form instanceof HashFields && member === 0)) {
      const { heap, policy } = this.#space;
      if (policy.makesFieldFirst && form instanceof HashFields)
        heap.free(this.#space.newField(field.length, true));
      return FieldResult.noField;
    }
    if (!mayChange(before)) return FieldResult.notMet;
    if (form instanceof HashFields) form.makeRoom(member);
    if (this.#space.isInThePast(when)) {
      this.remove(field);
      return FieldResult.deleted;
    }
    if (form instanceof HashFields) form.setExpiry(member, when);
    else form.setExpiry(field, when);
    return FieldResult.set;
  }

  /** Removes the expiry of a field (hashTypePersist). */
  persist(field: LookupKey): FieldResult {
    const form = this.#form;
    const expiry = this.expiryOf(field);
    if (expiry === undefined) return FieldResult.noField;
    if (expiry === 0) return FieldResult.noExpiry;
    if (form instanceof HashPack) form.setExpiry(field, 0);
    else form.setExpiry(this.#space.peek(form.table, field), 0);
    return FieldResult.set;
  }

  lengthOfValue(code: number): number {
    return valueLength(this.#space.contents, code);
  }

  /** Returns the value's text if it may be a number. */
  numberOfValue(code: number): Uint8Array | undefined {
    return numberText(this.#space.contents, code);
  }

  /** Calls `read` while an iterator of the hash, and one of its hash table, are allocated. */
  withIterator(read: () => void): void {
    const space = this.#space;
    const iterator = space.hashIterator();
    const ofTable = this.table === undefined ? 0 : space.iteratorOf(space.version.sizes.dictIterator);
    read();
    space.endIterator(ofTable);
    space.endIterator(iterator);
  }

  /** Deletes a field (hashTypeDelete) and returns whether it existed. */
  delete(field: LookupKey): boolean {
    return this.#form.delete(field);
  }

  /** Deletes a field, even one that has expired, and returns whether it was there. */
  remove(field: LookupKey): boolean {
    return this.#form instanceof HashPack ? this.#form.delete(field) : this.#form.delete(field, true);
  }

  /** Deletes up to `count` fields that have expired, and passes the length of each to `each`. */
  expire(nowMs: number, count: number, each: (length: number) => void): number {
    return this.#form.expire(nowMs, count, each);
  }

  /** Yields the slot of the field and the value code of each pair, in no guaranteed order. */
  entries(): Generator<readonly [number, number]> {
    return this.#form.entries();
  }

  /** Yields the slot of the field, the value code and the expiry of each pair, even of those that have expired. */
  timedEntries(): Generator<readonly [number, number, number]> {
    return this.#form.timedEntries();
  }

  prefetch(hashes: Uint32Array, count: number): number {
    const { table } = this;
    return table === undefined ? 0 : this.#space.prefetch(table, hashes, count);
  }

  get scanLength(): number {
    return this.size;
  }

  defragment(attempt: Try): void {
    this.#form.defragment(attempt);
  }

  defragmentFrame(attempt: Try): void {
    if (this.#form instanceof HashPack) this.#form.defragment(attempt);
    else this.#form.table.tryFrame(attempt);
  }

  defragmentSome(cursor: number, attempt: Try): number {
    return this.#form instanceof HashPack ? 0 : this.#form.defragmentSome(cursor, attempt);
  }

  free(heap: Heap): void {
    this.#form.free(heap);
  }

  /** Returns a copy (hashTypeDup). */
  copy(heap: Heap, makeObject: () => void = () => {}): HashValue {
    const form = this.#form;
    if (form instanceof HashFields) {
      const fields = new HashFields(this.#space, form.isTimed);
      fields.copyFrom(form, makeObject);
      return new HashValue(this.#space, fields);
    }
    return new HashValue(this.#space, form.copy(heap));
  }

  #deleted(field: LookupKey): FieldResult {
    this.#form.delete(field);
    return FieldResult.deleted;
  }

  #isTooLong(field: LookupKey, value: LookupKey): boolean {
    const limit = this.#space.settings.hashMaxListpackValue;
    return field.length > limit || value.length > limit;
  }

  /**
   * Returns the fields of a hash table. A listpack is converted to one with room for all pairs, then a string for each
   * field and value (hashTypeConvertListpack).
   */
  #toFields(): HashFields {
    const pack = this.#form;
    if (pack instanceof HashFields) return pack;
    const space = this.#space;
    const iterator = space.hashIterator();
    const fields = new HashFields(space, pack.isTimed);
    fields.table.resizeTo(pack.size);
    for (const { name, code, expiry } of pack.pairs) fields.adopt(name, code, expiry);
    space.endIterator(iterator);
    pack.freeRegions(space.heap);
    this.#form = fields;
    return fields;
  }
}
