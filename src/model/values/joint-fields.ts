import { ContainerKind, type Heap } from '../heap/index.js';
import type { HashTable, PartSizes } from '../keyspace/index.js';
import type { FieldSource, FieldStorage } from './field-storage.js';
import { type EntryShape, JointEntries, type JointEntry } from './joint-entries.js';
import type { LookupKey } from './lookup-key.js';
import { valueLength } from './value-code.js';
import type { ValueContext } from './value-context.js';

/** Keeps fields in joint entries. A member's name handle is the entry; its value handle is a separate value, or 0. */
export class JointFields implements FieldStorage {
  readonly #space: ValueContext;
  readonly #entries: JointEntries;

  constructor(space: ValueContext) {
    this.#space = space;
    this.#entries = new JointEntries(space.heap);
  }

  /** The value is copied before the lookup, so that its string exists. */
  add(table: HashTable, member: number, value: LookupKey, taken: number): void {
    const { members } = this.#space;
    table.reserve(members.table.hashOf(member));
    this.#set(member, this.#entries.create(this.#shape(member, value.length), taken));
    table.insert(member);
  }

  replace(member: number, value: LookupKey, taken: number, expiry: number): boolean {
    const { members } = this.#space;
    const old = this.#of(member);
    const had = members.expiryOf(member) !== 0;
    members.setExpiry(member, expiry);
    const made = this.#entries.replace(old, had, this.#shape(member, value.length), taken);
    this.#set(member, made);
    return made.entry !== old.entry;
  }

  setExpiry(member: number, expiry: number): boolean {
    const { members } = this.#space;
    const had = members.expiryOf(member) !== 0;
    members.setExpiry(member, expiry);
    if (had === (expiry !== 0)) return false;
    this.#set(member, this.#entries.retime(this.#of(member), this.#shape(member, this.#valueLength(member))));
    return true;
  }

  /** An entry has no room for an expiry that it does not have. */
  makeRoom(): boolean {
    return false;
  }

  setName(_member: number, handle: number): void {
    this.#space.heap.free(handle);
  }

  copyIn(member: number, from: FieldSource): void {
    const space = this.#space;
    const field =
      from === 'listpack' ? space.newString(this.#nameLength(member), ContainerKind.hashField) : 0;
    const length = this.#valueLength(member);
    const copy = space.newString(length, ContainerKind.hashValue);
    this.#set(member, this.#entries.create(this.#shape(member, length), copy));
    if (field !== 0) space.heap.free(field);
  }

  take(member: number, field: number, value: number): void {
    this.#set(member, this.#entries.create(this.#shape(member, this.#valueLength(member)), value));
    this.#space.heap.free(field);
  }

  bytesOf(member: number): number {
    const value = this.#valueLength(member);
    const separate = this.#of(member).value === 0 ? 0 : this.#space.stringBytes(value);
    return this.#entries.entryBytes(this.#shape(member, value)) + separate;
  }

  partsOf(member: number): PartSizes {
    const { heap } = this.#space;
    const { entry, value } = this.#of(member);
    return [this.bytesOf(member), heap.usableOf(entry) + (value === 0 ? 0 : heap.usableOf(value))];
  }

  free(_heap: Heap, member: number): void {
    this.#entries.free(this.#of(member));
  }

  #shape(member: number, valueLength: number): EntryShape {
    const expires = this.#space.members.expiryOf(member) !== 0;
    return { fieldLength: this.#nameLength(member), valueLength, expires };
  }

  #of(member: number): JointEntry {
    const { members } = this.#space;
    return { entry: members.nameHandleOf(member), value: members.valueHandleOf(member) };
  }

  #set(member: number, { entry, value }: JointEntry): void {
    const { members } = this.#space;
    members.setNameHandle(member, entry);
    members.setValueHandle(member, value);
  }

  #nameLength(member: number): number {
    const { members, contents } = this.#space;
    return contents.length(members.nameOf(member));
  }

  #valueLength(member: number): number {
    const { members, contents } = this.#space;
    return valueLength(contents, members.valueCodeOf(member));
  }
}
