import { ContainerKind, type Heap, sdsBytes, sdsHeader } from '../heap/index.js';
import type { HashTable, PartSizes } from '../keyspace/index.js';
import type { FieldStorage } from './field-storage.js';
import type { LookupKey } from './lookup-key.js';
import { valueLength } from './value-code.js';
import type { ValueContext } from './value-context.js';

/** A value lies in its field's entry if the entry then has at most this many bytes. */
const LARGEST_WHOLE = 128;
/** Bytes of the header and the end mark of a value in an entry. */
const VALUE_OVERHEAD = 4;
/** A field that is followed by no value has a header of at least three bytes, which can tell so. */
const SMALLEST_MARKED_HEADER = 3;

/**
 * Keeps a field and a short value in one region (entry.c). A longer value is a string of its own, which the region points
 * to. A member's name handle is its entry; its value handle is the string, or 0.
 */
export class FieldEntries implements FieldStorage {
  readonly #space: ValueContext;

  constructor(space: ValueContext) {
    this.#space = space;
  }

  add(table: HashTable, member: number, value: LookupKey, taken: number): void {
    this.#make(member, value.length, taken);
    table.addMissing(member);
  }

  replace(member: number, value: LookupKey, taken: number): void {
    const { members, heap } = this.#space;
    const isWhole = this.#isWhole(this.#nameLength(member), value.length);
    const room = members.embeddedRoomOf(member);
    const bytes = value.length + VALUE_OVERHEAD;
    if (isWhole && room > 0 && bytes <= room && bytes >= Math.floor((room * 3) / 4)) {
      if (taken !== 0) heap.free(taken);
      return;
    }
    const entry = members.nameHandleOf(member);
    const old = members.valueHandleOf(member);
    if (!isWhole && room === 0) {
      heap.free(old);
      members.setValueHandle(member, taken === 0 ? this.#newValue(value.length) : taken);
      return;
    }
    this.#make(member, value.length, taken);
    if (old !== 0) heap.free(old);
    heap.free(entry);
  }

  copyIn(member: number): void {
    const { members, contents } = this.#space;
    const field = this.#space.newString(this.#nameLength(member), ContainerKind.containerTemporary);
    const length = valueLength(contents, members.valueCodeOf(member));
    this.take(member, field, this.#newValue(length));
  }

  take(member: number, field: number, value: number): void {
    const { members, contents, heap } = this.#space;
    this.#make(member, valueLength(contents, members.valueCodeOf(member)), value);
    heap.free(field);
  }

  bytesOf(member: number): number {
    const { members, contents } = this.#space;
    const name = this.#nameLength(member);
    const room = members.embeddedRoomOf(member);
    if (room > 0) return this.#fieldBytes(name) + room;
    return (
      this.#markedBytes(name) + this.#space.stringBytes(valueLength(contents, members.valueCodeOf(member)))
    );
  }

  partsOf(member: number): PartSizes {
    const { members, contents } = this.#space;
    const value = members.valueHandleOf(member);
    const bytes = this.bytesOf(member);
    if (value === 0) return [bytes, bytes];
    const length = valueLength(contents, members.valueCodeOf(member));
    return [bytes, this.#markedBytes(this.#nameLength(member)) + this.#space.usageOfString(value, length)];
  }

  free(heap: Heap, member: number): void {
    const { members } = this.#space;
    const value = members.valueHandleOf(member);
    if (value !== 0) heap.free(value);
    heap.free(members.nameHandleOf(member));
  }

  /** entryCreate: an entry with the value in it frees the string that it was made from. */
  #make(member: number, length: number, taken: number): void {
    const { members, heap } = this.#space;
    const name = this.#nameLength(member);
    const isWhole = this.#isWhole(name, length);
    const room = isWhole ? length + VALUE_OVERHEAD : 0;
    const bytes = isWhole ? this.#fieldBytes(name) + room : this.#markedBytes(name);
    members.setNameHandle(member, heap.malloc(bytes, ContainerKind.hashField));
    members.setEmbeddedRoom(member, room);
    if (isWhole && taken !== 0) heap.free(taken);
    let value = 0;
    if (!isWhole) value = taken === 0 ? this.#newValue(length) : taken;
    members.setValueHandle(member, value);
  }

  #isWhole(name: number, length: number): boolean {
    return this.#fieldBytes(name) + length + VALUE_OVERHEAD <= LARGEST_WHOLE;
  }

  /** Returns the bytes of a field in front of a value in the same region. */
  #fieldBytes(name: number): number {
    return name === 0 ? 2 : sdsBytes(this.#space.heap.sds, name);
  }

  /** Returns the bytes of an entry that points to its value. */
  #markedBytes(name: number): number {
    const header = Math.max(SMALLEST_MARKED_HEADER, sdsHeader(this.#space.heap.sds, name));
    return this.#space.version.sizes.pointer + header + name + 1;
  }

  #newValue(length: number): number {
    return this.#space.newString(length, ContainerKind.hashValue);
  }

  #nameLength(member: number): number {
    const { members, contents } = this.#space;
    return contents.length(members.nameOf(member));
  }
}
