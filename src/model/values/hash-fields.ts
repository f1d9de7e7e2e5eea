import { ContainerKind, DataType } from '../heap/index.js';
import { type HashTable, type Try, tableParts, type ValueParts } from '../keyspace/index.js';
import type { FieldTimes } from './field-times.js';
import type { LookupKey } from './lookup-key.js';
import { defragmentBucket, defragmentElements, hashDefrag } from './table-defrag.js';
import { copyValue, releaseValue, valueCode } from './value-code.js';
import type { ValueContext } from './value-context.js';

/** Stands for the expiry that a field has already. */
export const KEEPS_EXPIRY = -1;

/** The fields and values of a hash in a hash table, with the times of those that expire. */
export class HashFields {
  readonly #space: ValueContext;
  readonly table: HashTable;
  /** Bytes of the strings of fields and values. */
  #strings = 0;
  #times: FieldTimes | undefined;
  /** Whether the table has metadata for expiries, in versions where others have none. */
  isTimed: boolean;

  /** Makes an empty table, with metadata for expiries at once if `isTimed`. */
  constructor(space: ValueContext, isTimed = false) {
    this.#space = space;
    this.table = space.newTable(DataType.hash, isTimed ? space.version.sizes.fieldTimes : undefined);
    this.isTimed = isTimed;
  }

  get size(): number {
    return this.table.used;
  }

  get bytes(): number {
    return this.table.ownBytes + this.#strings + (this.#times?.bytes ?? 0);
  }

  /** Whether any field expires. */
  get hasExpiries(): boolean {
    return this.#times !== undefined;
  }

  /** Returns the first time at which a field expires; Infinity if there is none. */
  get firstExpiryMs(): number {
    return this.#times?.firstMs() ?? Infinity;
  }

  parts(): ValueParts {
    const { fields, version } = this.#space;
    const entryUsage = version.bucketTables.replaceDicts ? 0 : version.sizes.dictEntry;
    const times = { bytes: this.#times?.walkedBytes() ?? 0, usage: this.#times?.usage() ?? 0 };
    return tableParts(this.table, times, (member) => {
      const [bytes, usage] = fields.partsOf(member);
      return [bytes, usage + entryUsage];
    });
  }

  /** Gives the table metadata for expiries, in versions where tables without expiries have none. */
  makeTimed(): void {
    this.isTimed = true;
    this.table.setMetadata(this.#space.version.sizes.fieldTimes);
  }

  /** Adds a field of a listpack, which is converted. */
  adopt(name: number, code: number, expiry: number): void {
    const { members, contents, fields, needle } = this.#space;
    const member = members.adopt(name, contents.point(name, needle).hash);
    members.setValueCode(member, code);
    if (expiry !== 0) members.setExpiry(member, expiry);
    fields.copyIn(member, 'listpack');
    this.#strings += fields.bytesOf(member);
    this.table.add(member);
    if (expiry !== 0) this.#track(member);
  }

  /** Adds a loaded field, whose strings exist. Returns false if the hash has it. */
  addLoaded(
    field: LookupKey,
    value: LookupKey,
    fieldHandle: number,
    valueHandle: number,
    expiry: number,
  ): boolean {
    const { contents, fields, members } = this.#space;
    this.table.makeReady(field.hash);
    if (this.#space.peek(this.table, field) !== 0) return false;
    const member = members.create(field);
    members.setValueCode(member, valueCode(contents, value));
    if (expiry !== 0) members.setExpiry(member, expiry);
    fields.take(member, fieldHandle, valueHandle);
    this.table.insert(member);
    this.#strings += fields.bytesOf(member);
    if (expiry !== 0) this.#track(member);
    return true;
  }

  /**
   * Sets a field and its expiry, 0 for none (hashTypeSet). Returns whether the field is new, or had expired. `taken` is
   * an existing sds of the value, or 0.
   */
  set(field: LookupKey, value: LookupKey, taken: number, expiry: number): boolean {
    const space = this.#space;
    const { members, contents, fields, policy } = space;
    const { table } = this;
    let handle = taken;
    let made = 0;
    let member: number;
    if (policy.makesFieldFirst) {
      made = space.newField(field.length);
      table.makeReady(field.hash);
      member = space.peek(table, field);
    } else if (policy.newFieldOrder === 'value, entry, field') {
      if (handle === 0) handle = space.newString(value.length, ContainerKind.hashValue);
      table.makeReady(field.hash);
      member = space.peek(table, field);
    } else {
      member = space.find(table, field);
    }
    if (member === 0) {
      member = members.create(field);
      members.setValueCode(member, valueCode(contents, value));
      if (expiry > 0) members.setExpiry(member, expiry);
      fields.add(table, member, value, handle, made);
      this.#strings += fields.bytesOf(member);
      if (expiry > 0) this.#track(member);
      return true;
    }
    const before = members.expiryOf(member);
    const isExpired = policy.fieldExpiry === 'vset' && before !== 0 && space.isInThePast(before);
    const kept = isExpired ? 0 : before;
    this.#strings -= fields.bytesOf(member);
    // A string that was made first stays, unless the old one has an expiry to keep.
    if (made !== 0 && expiry === KEEPS_EXPIRY) space.heap.free(made);
    else if (made !== 0) fields.setName(member, made);
    const isMoved = fields.replace(member, value, handle, expiry === KEEPS_EXPIRY ? kept : expiry);
    releaseValue(contents, members.valueCodeOf(member));
    members.setValueCode(member, valueCode(contents, value));
    this.#strings += fields.bytesOf(member);
    // Ebuckets of strings leave a field alone that keeps its expiry; those of entries enter it again.
    const stays = policy.fieldExpiry === 'ebuckets' && !policy.fieldEntries;
    if (!stays || members.expiryOf(member) !== before) this.#retime(member, before, isMoved);
    return isExpired;
  }

  /** Returns the member of a field that has not expired, or 0. A lookup may move a bucket. */
  find(field: LookupKey): number {
    const member = this.#space.find(this.table, field);
    return member !== 0 && this.#space.isExpired(this.#space.members.expiryOf(member)) ? 0 : member;
  }

  /** Returns the member of a field, even one that has expired, or 0. */
  findAny(field: LookupKey): number {
    return this.#space.find(this.table, field);
  }

  /** Gives the region of a field room for an expiry. */
  makeRoom(member: number): void {
    const { fields } = this.#space;
    this.#strings -= fields.bytesOf(member);
    fields.makeRoom(member);
    this.#strings += fields.bytesOf(member);
  }

  /** Sets the expiry of a field; 0 removes it. */
  setExpiry(member: number, expiry: number): void {
    const { fields, members } = this.#space;
    const before = members.expiryOf(member);
    if (before === expiry && this.#space.policy.fieldEntries) return;
    // A field without an expiry is left before its region is replaced.
    if (expiry === 0 && before !== 0) this.#untrack(member, before);
    this.#strings -= fields.bytesOf(member);
    const isMoved = fields.setExpiry(member, expiry);
    this.#strings += fields.bytesOf(member);
    if (expiry !== 0) this.#retime(member, before, isMoved);
  }

  /** Deletes a field and returns whether it existed. A field that has expired does not, unless it counts. */
  delete(field: LookupKey, countsExpired = false): boolean {
    const space = this.#space;
    const { members } = space;
    const member = space.find(this.table, field);
    if (member === 0 || (!countsExpired && space.isExpired(members.expiryOf(member)))) return false;
    this.#strings -= space.fields.bytesOf(member);
    space.remove(this.table, member, () => {
      const expiry = members.expiryOf(member);
      if (expiry !== 0) this.#untrack(member, expiry);
      this.#release(member);
    });
    return true;
  }

  /** Deletes up to `count` expired fields, and passes the length of each to `each`. Returns how many there were. */
  expire(nowMs: number, count: number, each: (length: number) => void): number {
    const space = this.#space;
    const times = this.#times;
    if (times === undefined) return 0;
    // With ebuckets, the name of a field is copied for its propagation before all else.
    const isCopiedFirst = space.policy.fieldExpiry === 'ebuckets';
    const dropped = times.expire(nowMs, count, (member) => {
      const length = space.contents.length(space.members.nameOf(member));
      if (isCopiedFirst) each(length);
      this.#strings -= space.fields.bytesOf(member);
      this.table.stepAt(space.members.table.hashOf(member));
      space.remove(this.table, member, () => {
        if (!isCopiedFirst) each(length);
        this.#release(member);
      });
    });
    this.#dropTimesIfEmpty();
    return dropped;
  }

  /** Yields the slot of the field and the value code of each pair that has not expired. */
  *entries(): Generator<readonly [number, number]> {
    const { members } = this.#space;
    for (const member of this.members()) yield [members.nameOf(member), members.valueCodeOf(member)];
  }

  *timedEntries(): Generator<readonly [number, number, number]> {
    const { members } = this.#space;
    for (const member of this.table.elements()) {
      yield [members.nameOf(member), members.valueCodeOf(member), members.expiryOf(member)];
    }
  }

  *members(): Generator<number> {
    const { members } = this.#space;
    for (const member of this.table.elements()) {
      if (this.#times === undefined || !this.#space.isExpired(members.expiryOf(member))) yield member;
    }
  }

  /** Copies the fields of another hash into this one. */
  copyFrom(other: HashFields, makeObject: () => void): void {
    const { members, contents, fields, needle, policy } = this.#space;
    this.table.resizeTo(other.size);
    if (policy.copiesIntoObject) makeObject();
    const iterator = this.#space.hashIterator();
    const copied = policy.fieldExpiry === 'ebuckets' ? other.table.elements() : other.members();
    for (const each of copied) {
      const member = members.create(contents.point(members.nameOf(each), needle));
      members.setValueCode(member, copyValue(contents, members.valueCodeOf(each)));
      const expiry = members.expiryOf(each);
      if (expiry !== 0) members.setExpiry(member, expiry);
      fields.copyIn(member, 'hash');
      this.#strings += fields.bytesOf(member);
      this.table.add(member);
      if (expiry !== 0) this.#track(member);
    }
    this.#space.endIterator(iterator);
  }

  /** Tries the table and all fields. */
  defragment(attempt: Try): void {
    const { hashTableFirst, iteratesContainers } = this.#space.version.defrag;
    if (hashTableFirst) this.table.tryFrame(attempt);
    defragmentElements(hashDefrag(this.#space, this.table, attempt), attempt, iteratesContainers);
    this.#tryTimes(attempt);
    if (!hashTableFirst) this.table.tryFrame(attempt);
  }

  /** Tries the fields of one bucket. Returns the next cursor, 0 after the last. */
  defragmentSome(cursor: number, attempt: Try): number {
    const next = defragmentBucket(hashDefrag(this.#space, this.table, attempt), cursor, attempt);
    if (next === 0) this.#tryTimes(attempt);
    return next;
  }

  #tryTimes(attempt: Try): void {
    if (this.#space.version.defrag.triesFieldTimes) this.#times?.defragment(attempt);
  }

  free(): void {
    this.#times?.free();
    this.table.free((member) => this.#release(member));
  }

  #release(member: number): void {
    const { fields, members, heap, contents } = this.#space;
    fields.free(heap, member);
    releaseValue(contents, members.valueCodeOf(member));
    members.release(member);
  }

  #track(member: number): void {
    this.#times ??= this.#space.newFieldTimes();
    this.#times.add(member);
  }

  #untrack(member: number, expiry: number): void {
    this.#times?.remove(member, expiry);
    this.#dropTimesIfEmpty();
  }

  /** Notes the expiry of a field that had another, or whose region is another. */
  #retime(member: number, before: number, isMoved: boolean): void {
    const now = this.#space.members.expiryOf(member);
    if (before === 0 && now === 0) return;
    if (before === 0) this.#track(member);
    else if (now === 0) this.#untrack(member, before);
    else this.#times?.update(member, before, isMoved);
  }

  #dropTimesIfEmpty(): void {
    if (this.#times?.isEmpty === true) this.#times = undefined;
  }
}
