import { ContainerKind, type Heap } from '../heap/index.js';
import type { HashTable, PartSizes } from '../keyspace/index.js';
import type { FieldStorage } from './field-storage.js';
import type { LookupKey } from './lookup-key.js';
import { valueLength } from './value-code.js';
import type { ValueContext } from './value-context.js';

/** Keeps each field in a string, and its value in another. */
export class FieldStrings implements FieldStorage {
  readonly #space: ValueContext;

  constructor(space: ValueContext) {
    this.#space = space;
  }

  add(table: HashTable, member: number, value: LookupKey, taken: number, made: number): void {
    const { members, policy } = this.#space;
    const order = policy.newFieldOrder;
    const newValue = () => (taken === 0 ? this.#newValue(value.length) : taken);
    if (order === 'value, entry, field') {
      members.setValueHandle(member, newValue());
      table.insert(member);
      members.setNameHandle(member, this.#newField(member));
      return;
    }
    members.setNameHandle(member, made === 0 ? this.#newField(member) : made);
    if (made !== 0) table.insert(member);
    else if (order === 'field, entry, value') table.add(member);
    members.setValueHandle(member, newValue());
    if (made === 0 && order === 'field, value, entry') table.add(member);
  }

  /** The string of the field keeps its room for an expiry. */
  replace(member: number, value: LookupKey, taken: number, expiry: number): boolean {
    const { members, heap } = this.#space;
    members.setExpiry(member, expiry);
    heap.free(members.valueHandleOf(member));
    members.setValueHandle(member, taken === 0 ? this.#newValue(value.length) : taken);
    return false;
  }

  setExpiry(member: number, expiry: number): boolean {
    const { members } = this.#space;
    members.setExpiry(member, expiry);
    return expiry !== 0 && !members.hasExpiryRoom(member) && this.makeRoom(member);
  }

  /** Replaces the string of a field by one with room for an expiry. Versions free the old one before or after that. */
  makeRoom(member: number): boolean {
    const { members, heap, policy } = this.#space;
    const old = members.nameHandleOf(member);
    if (members.hasExpiryRoom(member)) {
      if (policy.makesFieldFirst) heap.free(this.#newField(member));
      return false;
    }
    members.setExpiryRoom(member);
    if (!policy.makesFieldFirst) heap.free(old);
    members.setNameHandle(member, this.#newField(member));
    if (policy.makesFieldFirst) heap.free(old);
    return true;
  }

  setName(member: number, handle: number): void {
    const { members, heap } = this.#space;
    heap.free(members.nameHandleOf(member));
    members.setNameHandle(member, handle);
    members.setEmbeddedRoom(member, 0);
  }

  copyIn(member: number): void {
    const { members } = this.#space;
    if (members.expiryOf(member) !== 0) members.setExpiryRoom(member);
    members.setNameHandle(member, this.#newField(member));
    members.setValueHandle(member, this.#newValue(this.#valueLength(member)));
  }

  take(member: number, field: number, value: number): void {
    const { members } = this.#space;
    if (members.expiryOf(member) !== 0) members.setExpiryRoom(member);
    members.setNameHandle(member, field);
    members.setValueHandle(member, value);
  }

  bytesOf(member: number): number {
    const { members, contents } = this.#space;
    const name = contents.length(members.nameOf(member));
    const value = this.#space.stringBytes(this.#valueLength(member));
    return this.#space.fieldBytes(name, members.hasExpiryRoom(member)) + value;
  }

  partsOf(member: number): PartSizes {
    const { members, heap } = this.#space;
    const usage = heap.usableOf(members.nameHandleOf(member)) + heap.usableOf(members.valueHandleOf(member));
    return [this.bytesOf(member), usage];
  }

  free(heap: Heap, member: number): void {
    const { members } = this.#space;
    heap.free(members.nameHandleOf(member));
    heap.free(members.valueHandleOf(member));
  }

  #newField(member: number): number {
    const { members, contents } = this.#space;
    return this.#space.newField(contents.length(members.nameOf(member)), members.hasExpiryRoom(member));
  }

  #newValue(length: number): number {
    return this.#space.newString(length, ContainerKind.hashValue);
  }

  #valueLength(member: number): number {
    const { members, contents } = this.#space;
    return valueLength(contents, members.valueCodeOf(member));
  }
}
