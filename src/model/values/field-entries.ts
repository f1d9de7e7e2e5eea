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
/** A field with an expiry, or without its value beside it, has a header of at least three bytes for its flags. */
const SMALLEST_MARKED_HEADER = 3;
/** The metadata of a field that expires (ebuckets.h: ExpireMeta). */
const EXPIRY_BYTES = 16;

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

  replace(member: number, value: LookupKey, taken: number, expiry: number): boolean {
    const { members, heap } = this.#space;
    const hadRoom = members.hasExpiryRoom(member);
    members.setExpiry(member, expiry);
    const expires = expiry !== 0;
    const isWhole = this.#isWhole(this.#nameLength(member), value.length, expires);
    const room = members.embeddedRoomOf(member);
    const bytes = value.length + VALUE_OVERHEAD;
    if (hadRoom === expires) {
      if (isWhole && room > 0 && bytes <= room && bytes >= Math.floor((room * 3) / 4)) {
        if (taken !== 0) heap.free(taken);
        return false;
      }
      if (!isWhole && room === 0) {
        heap.free(members.valueHandleOf(member));
        members.setValueHandle(member, taken === 0 ? this.#newValue(value.length) : taken);
        return false;
      }
    }
    this.#remake(member, value.length, taken);
    return true;
  }

  setExpiry(member: number, expiry: number): boolean {
    const { members } = this.#space;
    members.setExpiry(member, expiry);
    return expiry !== 0 && this.makeRoom(member);
  }

  /** Makes an entry with room for an expiry. A separate value is copied. */
  makeRoom(member: number): boolean {
    const { members, contents } = this.#space;
    if (members.hasExpiryRoom(member)) return false;
    const before = members.expiryOf(member);
    // The entry is made for a field that expires, even if it is deleted next.
    if (before === 0) members.setExpiry(member, 1);
    this.#remake(member, valueLength(contents, members.valueCodeOf(member)), 0);
    members.setExpiry(member, before);
    return true;
  }

  /** Makes a new entry, then frees the old one with its value. */
  #remake(member: number, length: number, taken: number): void {
    const { members, heap } = this.#space;
    const entry = members.nameHandleOf(member);
    const value = members.valueHandleOf(member);
    this.#make(member, length, taken);
    if (value !== 0) heap.free(value);
    heap.free(entry);
  }

  setName(_member: number, handle: number): void {
    this.#space.heap.free(handle);
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
    const hasRoom = members.hasExpiryRoom(member);
    if (room > 0) return this.#fieldBytes(name, hasRoom) + room;
    const value = this.#space.stringBytes(valueLength(contents, members.valueCodeOf(member)));
    return this.#markedBytes(name, hasRoom) + value;
  }

  partsOf(member: number): PartSizes {
    const { members, contents } = this.#space;
    const value = members.valueHandleOf(member);
    const bytes = this.bytesOf(member);
    if (value === 0) return [bytes, bytes];
    const length = valueLength(contents, members.valueCodeOf(member));
    const entry = this.#markedBytes(this.#nameLength(member), members.hasExpiryRoom(member));
    return [bytes, entry + this.#space.usageOfString(value, length)];
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
    const expires = members.expiryOf(member) !== 0;
    const isWhole = this.#isWhole(name, length, expires);
    const room = isWhole ? length + VALUE_OVERHEAD : 0;
    const bytes = isWhole ? this.#fieldBytes(name, expires) + room : this.#markedBytes(name, expires);
    members.setNameHandle(member, heap.malloc(bytes, ContainerKind.hashField));
    members.setEmbeddedRoom(member, room);
    if (expires) members.setExpiryRoom(member);
    if (isWhole && taken !== 0) heap.free(taken);
    let value = 0;
    if (!isWhole) value = taken === 0 ? this.#newValue(length) : taken;
    members.setValueHandle(member, value);
  }

  #isWhole(name: number, length: number, expires: boolean): boolean {
    return this.#fieldBytes(name, expires) + length + VALUE_OVERHEAD <= LARGEST_WHOLE;
  }

  /** Returns the bytes of a field in front of a value in the same region. */
  #fieldBytes(name: number, hasRoom: boolean): number {
    if (hasRoom) return EXPIRY_BYTES + this.#markedFieldBytes(name);
    return name === 0 ? 2 : sdsBytes(this.#space.heap.sds, name);
  }

  /** Returns the bytes of an entry that points to its value. */
  #markedBytes(name: number, hasRoom: boolean): number {
    const expiry = hasRoom ? EXPIRY_BYTES : 0;
    return expiry + this.#space.version.sizes.pointer + this.#markedFieldBytes(name);
  }

  /** Returns the bytes of a field whose header has flags. */
  #markedFieldBytes(name: number): number {
    return Math.max(SMALLEST_MARKED_HEADER, sdsHeader(this.#space.heap.sds, name)) + name + 1;
  }

  #newValue(length: number): number {
    return this.#space.newString(length, ContainerKind.hashValue);
  }

  #nameLength(member: number): number {
    const { members, contents } = this.#space;
    return contents.length(members.nameOf(member));
  }
}
