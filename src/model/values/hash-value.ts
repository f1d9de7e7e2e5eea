import { ContainerKind, DataType, type Heap, ListpackKind } from '../heap/index.js';
import {
  type HashTable,
  onePart,
  tableParts,
  type ValueModel,
  type ValueParts,
  ValueType,
} from '../keyspace/index.js';
import { Listpack } from './listpack.js';
import { entryBytes } from './listpack-entry.js';
import type { LookupKey } from './lookup-key.js';
import {
  copyValue,
  numberText,
  releaseValue,
  valueCode,
  valueEntryBytes,
  valueLength,
} from './value-code.js';
import type { ValueContext } from './value-context.js';

/**
 * A hash: one listpack of fields and values, or a hash table. The first entry that is too large or one too many
 * converts the listpack for good.
 */
export class HashValue implements ValueModel {
  readonly type = ValueType.hash;
  readonly #space: ValueContext;
  #listpack: Listpack | undefined;
  /** Slots of fields in the byte arena and value codes by turns, while the hash is a listpack. */
  #pairs: number[] = [];
  #table: HashTable | undefined;
  /** Bytes of the strings of fields and values, while the hash is a hash table. */
  #strings = 0;

  constructor(
    space: ValueContext,
    start: Listpack | HashTable = new Listpack(space.heap, ListpackKind.hash),
  ) {
    this.#space = space;
    if (start instanceof Listpack) this.#listpack = start;
    else this.#table = start;
  }

  get encoding(): string {
    return this.#table === undefined ? 'listpack' : 'hashtable';
  }

  get size(): number {
    return this.#table === undefined ? this.#pairs.length / 2 : this.#table.used;
  }

  get freeEffort(): number {
    return this.#table === undefined ? 1 : this.#table.used;
  }

  get logicalBytes(): number {
    return this.#table === undefined ? this.listpackBytes : this.#table.ownBytes + this.#strings;
  }

  parts(): ValueParts {
    const { fields, version } = this.#space;
    if (this.#listpack !== undefined) {
      return onePart(this.#listpack.bytes, this.#space.usageOfPack(this.#listpack));
    }
    const entryUsage = version.bucketTables.replaceDicts ? 0 : version.sizes.dictEntry;
    return tableParts(this.#table!, { bytes: 0, usage: 0 }, (member) => {
      const [bytes, usage] = fields.partsOf(member);
      return [bytes, usage + entryUsage];
    });
  }

  get listpackBytes(): number {
    return this.#listpack === undefined ? 0 : this.#listpack.bytes;
  }

  /** The hash table, or undefined for a listpack. */
  get table(): HashTable | undefined {
    return this.#table;
  }

  /**
   * Converts the hash before a command sets `fields` fields, if needed (hashTypeTryConversion). The longest field or
   * value has `longest` bytes.
   */
  prepare(fields: number, longest: number): void {
    if (this.#listpack === undefined) return;
    const { settings, policy } = this.#space;
    if (policy.presizesHash && fields > settings.hashMaxListpackEntries) {
      this.#convert().resizeTo(fields);
    } else if (longest > settings.hashMaxListpackValue) {
      this.#convert();
    }
  }

  /** Adds a pair of a loaded listpack that contains it already; `fitLoaded` follows the last one. */
  adopt(field: LookupKey, value: LookupKey): void {
    const { contents } = this.#space;
    const name = contents.keep(field);
    this.#pairs.push(name, valueCode(contents, value));
  }

  /** Converts a loaded listpack with more pairs than the limit to a hash table. */
  fitLoaded(): void {
    if (this.#listpack === undefined) return;
    if (this.size > this.#space.settings.hashMaxListpackEntries) this.#convert();
  }

  /**
   * Adds a pair of a hash that is loaded pair by pair, whose strings exist already. A hash table keeps the strings, a
   * listpack copies and frees them. Returns whether the field is new.
   */
  addLoaded(field: LookupKey, value: LookupKey, fieldHandle: number, valueHandle: number): boolean {
    const { contents, fields, heap, members, settings } = this.#space;
    const limit = settings.hashMaxListpackValue;
    if (this.#listpack !== undefined && (field.length > limit || value.length > limit)) this.#convert();
    if (this.#listpack !== undefined) {
      this.#append(
        this.#listpack,
        entryBytes(field.bytes, field.start, field.length),
        entryBytes(value.bytes, value.start, value.length),
      );
      this.adopt(field, value);
      heap.free(fieldHandle);
      heap.free(valueHandle);
      return true;
    }
    const table = this.#table!;
    table.makeReady(field.hash);
    if (this.#space.peek(table, field) !== 0) return false;
    const member = members.create(field);
    members.setValueCode(member, valueCode(contents, value));
    fields.take(member, fieldHandle, valueHandle);
    table.insert(member);
    this.#strings += fields.bytesOf(member);
    return true;
  }

  /** Converts the empty hash to a hash table, before more fields are loaded than a listpack may have. */
  toTable(): void {
    if (this.#listpack !== undefined) this.#convert();
  }

  /** Makes room in a hash table for the `count` fields that are still to load. */
  presize(count: number): void {
    this.#table?.resizeTo(count);
  }

  /**
   * Sets a field (hashTypeSet) and returns whether the field is new. `taken` is an existing sds of the value
   * (HINCRBY), or 0. A hash table keeps that sds, a listpack copies and frees it.
   */
  set(field: LookupKey, value: LookupKey, taken = 0): boolean {
    const { settings, contents, heap } = this.#space;
    const limit = settings.hashMaxListpackValue;
    if (this.#listpack !== undefined && (field.length > limit || value.length > limit)) this.#convert();
    if (this.#listpack === undefined) return this.#setInTable(field, value, taken);

    const pairs = this.#pairs;
    const at = this.#indexOf(field);
    const code = valueCode(contents, value);
    const bytes = valueEntryBytes(contents, code);
    if (at >= 0) {
      const old = pairs[at + 1]!;
      this.#listpack.change(heap, bytes, valueEntryBytes(contents, old));
      releaseValue(contents, old);
      pairs[at + 1] = code;
    } else {
      this.#append(this.#listpack, entryBytes(field.bytes, field.start, field.length), bytes);
      pairs.push(contents.keep(field), code);
    }
    if (pairs.length / 2 > settings.hashMaxListpackEntries) this.#convert();
    if (taken !== 0) heap.free(taken);
    return at < 0;
  }

  /** Returns the value's code if the field exists (hashTypeGetValue); a hash table moves a bucket. */
  get(field: LookupKey): number | undefined {
    if (this.#table === undefined) {
      const at = this.#indexOf(field);
      return at < 0 ? undefined : this.#pairs[at + 1];
    }
    const member = this.#space.find(this.#table, field);
    return member === 0 ? undefined : this.#space.members.valueCodeOf(member);
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
    const { sizes } = this.#space.version;
    const iterator = this.#iterator(sizes.hashTypeIterator);
    const ofTable = this.#table === undefined ? 0 : this.#iterator(sizes.dictIterator);
    read();
    this.#space.endIterator(ofTable);
    this.#space.endIterator(iterator);
  }

  /** Deletes a field (hashTypeDelete) and returns whether it existed. */
  delete(field: LookupKey): boolean {
    if (this.#table !== undefined) return this.#deleteFromTable(this.#table, field);
    const at = this.#indexOf(field);
    if (at < 0) return false;
    const { contents, heap } = this.#space;
    const [name, code] = this.#pairs.splice(at, 2) as [number, number];
    const removed = this.#space.keptEntryBytes(name) + valueEntryBytes(contents, code);
    this.#listpack?.deleteRange(heap, removed);
    contents.release(name);
    releaseValue(contents, code);
    return true;
  }

  /** Yields the slot of the field and the value code of each pair, in no guaranteed order. */
  *entries(): Generator<readonly [number, number]> {
    const { members } = this.#space;
    if (this.#table === undefined) {
      for (let at = 0; at < this.#pairs.length; at += 2) {
        yield [this.#pairs[at]!, this.#pairs[at + 1]!];
      }
    } else {
      for (const member of this.#table.elements()) {
        yield [members.nameOf(member), members.valueCodeOf(member)];
      }
    }
  }

  prefetch(hashes: Uint32Array, count: number): number {
    return this.#table === undefined ? 0 : this.#space.prefetch(this.#table, hashes, count);
  }

  free(heap: Heap): void {
    const { contents } = this.#space;
    if (this.#table === undefined) {
      this.#listpack?.free(heap);
      for (let at = 0; at < this.#pairs.length; at += 2) {
        contents.release(this.#pairs[at]!);
        releaseValue(contents, this.#pairs[at + 1]!);
      }
    } else {
      this.#table.free((member) => this.#releaseMember(member));
    }
  }

  /** Returns a copy (hashTypeDup). */
  copy(heap: Heap): HashValue {
    const { contents, fields, members } = this.#space;
    if (this.#listpack !== undefined) {
      const copy = new HashValue(this.#space, this.#listpack.copy(heap));
      for (const [name, code] of this.entries()) {
        copy.#pairs.push(contents.copy(name), copyValue(contents, code));
      }
      return copy;
    }
    const copy = new HashValue(this.#space, this.#space.newTable(DataType.hash));
    const table = copy.#table!;
    table.resizeTo(this.size);
    const iterator = this.#iterator(this.#space.version.sizes.hashTypeIterator);
    for (const [name, code] of this.entries()) {
      const member = members.create(contents.point(name, this.#space.needle));
      members.setValueCode(member, copyValue(contents, code));
      fields.copyIn(member, 'hash');
      copy.#strings += fields.bytesOf(member);
      table.add(member);
    }
    this.#space.endIterator(iterator);
    return copy;
  }

  /** Allocates an iterator, where hashes have none on the stack. */
  #iterator(bytes: number): number {
    return this.#space.policy.iteratesOnStack ? 0 : this.#space.iterator(bytes);
  }

  #setInTable(field: LookupKey, value: LookupKey, taken: number): boolean {
    const space = this.#space;
    const { members, contents, fields, policy } = space;
    const table = this.#table!;
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
      fields.add(table, member, value, handle, made);
      this.#strings += fields.bytesOf(member);
      return true;
    }
    if (made !== 0) space.heap.free(made);
    this.#strings -= fields.bytesOf(member);
    fields.replace(member, value, handle);
    releaseValue(contents, members.valueCodeOf(member));
    members.setValueCode(member, valueCode(contents, value));
    this.#strings += fields.bytesOf(member);
    return false;
  }

  #deleteFromTable(table: HashTable, field: LookupKey): boolean {
    const space = this.#space;
    const member = space.find(table, field);
    if (member === 0) return false;
    this.#strings -= space.fields.bytesOf(member);
    space.remove(table, member, () => this.#releaseMember(member));
    return true;
  }

  #releaseMember(member: number): void {
    const { fields, members, heap, contents } = this.#space;
    fields.free(heap, member);
    releaseValue(contents, members.valueCodeOf(member));
    members.release(member);
  }

  /** Appends a field and its value to a listpack, which grows once for both in versions that append in batches. */
  #append(listpack: Listpack, field: number, value: number): void {
    const { heap, policy } = this.#space;
    if (policy.appendsPairs) {
      listpack.change(heap, field + value, 0);
    } else {
      listpack.change(heap, field, 0);
      listpack.change(heap, value, 0);
    }
  }

  /**
   * Converts the listpack to a hash table (hashTypeConvertListpack): a table with room for all pairs, then a string
   * for each field and value.
   */
  #convert(): HashTable {
    const space = this.#space;
    const { heap, fields, members, contents } = space;
    const iterator = this.#iterator(space.version.sizes.hashTypeIterator);
    const table = space.newTable(DataType.hash);
    table.resizeTo(this.#pairs.length / 2);
    for (let at = 0; at < this.#pairs.length; at += 2) {
      const name = this.#pairs[at]!;
      const member = members.adopt(name, contents.point(name, space.needle).hash);
      members.setValueCode(member, this.#pairs[at + 1]!);
      fields.copyIn(member, 'listpack');
      this.#strings += fields.bytesOf(member);
      table.add(member);
    }
    space.endIterator(iterator);
    this.#listpack?.free(heap);
    this.#listpack = undefined;
    this.#pairs = [];
    this.#table = table;
    return table;
  }

  #indexOf(field: LookupKey): number {
    const { contents } = this.#space;
    const pairs = this.#pairs;
    for (let at = 0; at < pairs.length; at += 2) {
      if (contents.equals(pairs[at]!, field)) return at;
    }
    return -1;
  }
}
