import { GrowingMemory, grown, NumberPool, type Random, ReturningMap, sameBytes } from '../../base/index.js';
import type { HyperLogLog } from '../../commands/index.js';
import {
  type AttributionTable,
  type Heap,
  type MemoryAccounts,
  type RememberedBirths,
  StructKind,
  tagOf,
} from '../heap/index.js';
import { frequencyNow, lruClock, lruIdleMs, newFrequency, usedAgain } from './access.js';
import { keySlot } from './key-slot.js';
import { NameArena } from './name-arena.js';
import type { SlotKeys, SlotMemory } from './slot-memory.js';
import { encodingOfKind, StringEncoding, stringBytes, typeOfKind, type Value } from './string-value.js';
import { TableElements } from './table-elements.js';
import { type ValueModel, ValueType } from './value-model.js';
import { ValueSlots } from './value-slots.js';

const MAX_KEYS = 0x0fffffff;

/** The words of a key's record. The first three are the table's (see TableElements). */
const HASH = 0;
const NEXT = 1;
const NAME_LENGTH = 3;
const NAME = 4;
/**
 * The lower half is the value's kind, with EXPIRY_ROOM; the upper half is the number of the name's pattern, if owners
 * are kept.
 */
const KIND = 5;
const OBJECT = 6;
const PAYLOAD = 7;
const DETAIL = 8;
const PATTERN_SHIFT = 16;
/** Whether the key's object has room for an expiry, in versions whose objects hold it. */
const EXPIRY_ROOM = 1 << 15;
const KIND_OF_VALUE = EXPIRY_ROOM - 1;
/** The name itself, or its place among the long names if it does not fit in the record. */
const TEXT = 9;
/**
 * With origins kept, the lower half of the command that brought a string's object and text as arguments. It is 0 once
 * their words in the table of origins are written. Names have one word less in this case.
 */
const BIRTH = 15;
/** Shifts and ORs compute the places, because a product of unsigned words is computed in floating point. */
const RECORD_SHIFT = 4;
const RECORD = 1 << RECORD_SHIFT;
const RECORD_BYTES = RECORD * 4;

/**
 * Keeps the keys of all databases by row number, in records of one cache line each. Lookups reach keys at random, and
 * each cache line costs a wait for memory. Rows count from 1, so that 0 means "no such key". The row of a removed key
 * is the next one used.
 */
export class Keyspace implements RememberedBirths, SlotKeys {
  /** Chains and entries of the main tables. */
  readonly main = new TableElements(RECORD, RECORD, false);
  /** Chains and entries of the expires tables, which find keys by the same hash. */
  readonly expires = new TableElements(RECORD, EXPIRES_LINKS, false);
  readonly #longNames = new NameArena();
  readonly models = new ValueSlots();
  readonly #memory = new GrowingMemory('the records of keys');
  #records = this.#memory.words;
  #texts = this.#memory.bytes;
  /** The last access of each row, kept only if an eviction policy needs it. */
  access = new Uint32Array(0);
  /** The expiry of each row in virtual milliseconds; 0 means never. */
  #expiry = new Float64Array(0);
  /** Texts of strings that arithmetic could read as numbers, though they are not encoded as such, by row. */
  readonly texts = new ReturningMap<number, string>();
  /** Registers of the strings that are HyperLogLogs, by row. */
  readonly hyperLogLogs = new ReturningMap<number, HyperLogLog>();
  readonly #rows = new NumberPool(1, MAX_KEYS, 'keys');
  /** The lower half of the command that added each key, by row, if origins are kept. */
  #added = new Uint32Array(0);
  /** Keys and bytes per slot, if they are kept. */
  slots: SlotMemory | undefined;
  readonly #heap: Heap;
  readonly #holdings: MemoryAccounts | undefined;
  readonly #births: AttributionTable | undefined;
  readonly #longestInRecord: number;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#holdings = heap.accounts;
    this.#births = heap.accounts?.attributionTable;
    this.#births?.ask(this);
    this.#longestInRecord = ((this.#births === undefined ? RECORD : BIRTH) - TEXT) * 4;
    this.#share();
  }

  /** Returns a row for a key of that name; its handle is 0. */
  newRow(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const row = this.#rows.take();
    if (this.#memory.reach((row + 1) * RECORD_BYTES)) this.#share();
    const records = this.#records;
    const at = row << RECORD_SHIFT;
    records[at | HASH] = hash;
    records[at | NAME_LENGTH] = length;
    records[at | NAME] = 0;
    if (length > this.#longestInRecord) records[at | TEXT] = this.#longNames.add(bytes, from, length);
    else copyName(bytes, from, length, this.#texts, (at + TEXT) * 4);
    if (row < this.#expiry.length) this.#expiry[row] = 0;
    if (this.#births !== undefined) this.#noteAdded(this.#births, row, hash, bytes, from, length);
    this.slots?.enter(row);
    return row;
  }

  /** Gives the row back for use by another key, after all its allocations are freed. */
  giveRow(row: number): void {
    const length = this.nameLength(row);
    if (length > this.#longestInRecord) {
      this.#longNames.remove(this.#records[(row << RECORD_SHIFT) | TEXT]!, length);
    }
    if (this.#holdings !== undefined) {
      const { keys } = this.#holdings;
      const type = this.typeOf(row);
      keys[type] = keys[type]! - 1;
      if (this.#births !== undefined) this.#records[(row << RECORD_SHIFT) | BIRTH] = 0;
    }
    this.slots?.leave(row, this.stringBytesOf(row));
    this.#records[(row << RECORD_SHIFT) | KIND] = 0;
    if (this.texts.size > 0) this.texts.delete(row);
    if (this.hyperLogLogs.size > 0) this.hyperLogLogs.delete(row);
    this.#rows.give(row);
  }

  /** Prefetches what overwriting or deleting the values of these rows will read. See Prefetcher. */
  prefetch(rows: Uint32Array, count: number): number {
    const records = this.#records;
    let seen = 0;
    for (let k = 0; k < count; k++) {
      const at = rows[k]! << RECORD_SHIFT;
      seen ^=
        this.#heap.prefetchString(records[at | OBJECT]!) ^ this.#heap.prefetchString(records[at | PAYLOAD]!);
    }
    return seen;
  }

  hasName(row: number, bytes: Uint8Array, from: number, length: number): boolean {
    const records = this.#records;
    const at = row << RECORD_SHIFT;
    if (records[at | NAME_LENGTH] !== length) return false;
    if (length > this.#longestInRecord) {
      return this.#longNames.equals(records[at | TEXT]!, bytes, from, length);
    }
    return sameBytes(this.#texts, ((at | TEXT) << 2) >>> 0, bytes, from, length);
  }

  /** Returns a copy of a string's text and HyperLogLog registers, if they are known. */
  contentsOf(row: number): StringContents {
    return { text: this.texts.get(row), hyperLogLog: this.hyperLogLogs.get(row)?.copy() };
  }

  setContents(row: number, { text, hyperLogLog }: StringContents): void {
    if (text !== undefined) this.texts.set(row, text);
    if (hyperLogLog !== undefined) this.hyperLogLogs.set(row, hyperLogLog);
  }

  nameLength(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | NAME_LENGTH]! | 0;
  }

  /** Returns the handle of the key's sds; 0 where the name is part of the entry. */
  nameHandle(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | NAME]! | 0;
  }

  setNameHandle(row: number, handle: number): void {
    this.#records[(row << RECORD_SHIFT) | NAME] = handle;
  }

  hash(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | HASH]! | 0;
  }

  kind(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | KIND]! & KIND_OF_VALUE;
  }

  /** Returns the number of the pattern of the key's name, if owners are kept. */
  patternOf(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | KIND]! >>> PATTERN_SHIFT;
  }

  /** Whether the key's object has room for an expiry (see KeyObjects). */
  hasExpiryRoom(row: number): boolean {
    return (this.#records[(row << RECORD_SHIFT) | KIND]! & EXPIRY_ROOM) !== 0;
  }

  setExpiryRoom(row: number, hasRoom: boolean): void {
    const at = (row << RECORD_SHIFT) | KIND;
    const word = this.#records[at]!;
    this.#records[at] = hasRoom ? word | EXPIRY_ROOM : word & ~EXPIRY_ROOM;
  }

  object(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | OBJECT]! | 0;
  }

  payload(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | PAYLOAD]!;
  }

  detail(row: number): number {
    return this.#records[(row << RECORD_SHIFT) | DETAIL]!;
  }

  nameOf(row: number): Uint8Array {
    const length = this.nameLength(row);
    const at = row * RECORD + TEXT;
    if (length > this.#longestInRecord) return this.#longNames.view(this.#records[at]!, length);
    return this.#texts.subarray(at * 4, at * 4 + length);
  }

  typeOf(row: number): ValueType {
    return typeOfKind(this.kind(row));
  }

  slotOf(row: number): number {
    const length = this.nameLength(row);
    // A view of the name takes longer to make than its slot.
    if (length <= this.#longestInRecord) return keySlot(this.#texts, (row * RECORD + TEXT) * 4, length);
    return keySlot(this.nameOf(row), 0, length);
  }

  /** Returns the logical size of a string in O(1); 0 for any other value. */
  stringBytesOf(row: number): number {
    return stringBytes(this.kind(row), this.detail(row));
  }

  /** Returns the logical size that a value other than a string keeps, in O(1); 0 for a string. */
  containerBytesOf(row: number): number {
    return this.typeOf(row) > ValueType.string ? this.modelOf(row).logicalBytes : 0;
  }

  encodingOf(row: number): StringEncoding {
    return encodingOfKind(this.kind(row));
  }

  /** Returns the model of a value that is not a string. */
  modelOf(row: number): ValueModel {
    return this.models.at(this.payload(row));
  }

  /** Whether `modelOf` has a value at hand. */
  hasModel(row: number): boolean {
    return this.models.holds(this.payload(row));
  }

  setValue(row: number, value: Value): void {
    if (this.#holdings !== undefined) this.#hold(this.#holdings, row, value);
    this.setWords(row, value.kind, value.payload, value.detail);
    this.#records[(row << RECORD_SHIFT) | OBJECT] = value.object;
  }

  /** Replaces the words of the value but keeps its object. */
  setWords(row: number, kind: number, payload: number, detail: number): void {
    const records = this.#records;
    const at = row << RECORD_SHIFT;
    const word = records[at | KIND]!;
    const { slots } = this;
    if (slots !== undefined) {
      // Most strings are overwritten by others of their length.
      const isSame = (word & KIND_OF_VALUE) === kind && records[at | DETAIL] === detail;
      if (!isSame || typeOfKind(kind) !== ValueType.string) this.#countIn(slots, row, kind, detail);
    }
    records[at | KIND] = (word & ~KIND_OF_VALUE) | kind;
    records[at | PAYLOAD] = payload;
    records[at | DETAIL] = detail;
  }

  /** Notes a row other than a string for the slots, because a command is about to read or write its value. */
  noteFound(row: number): void {
    if (this.slots !== undefined && this.typeOf(row) !== ValueType.string) this.slots.note(row);
  }

  /** Returns the row's value, which may become another row's. */
  getValue(row: number, value: Value): Value {
    this.recallBirth(row);
    return value.set(this.kind(row), this.object(row), this.payload(row), this.detail(row));
  }

  /** Writes the origins of a string's allocations before they change or leave their row. */
  recallBirth(row: number): void {
    const births = this.#births;
    if (births === undefined) return;
    const at = row << RECORD_SHIFT;
    const command = this.#records[at | BIRTH]!;
    if (command === 0) return;
    this.#records[at | BIRTH] = 0;
    const pattern = this.patternOf(row);
    births.recall(this.object(row), pattern, command);
    if (this.encodingOf(row) === StringEncoding.raw) births.recall(this.payload(row), pattern, command);
  }

  /** Writes the origins of all regions before the table of origins is read. */
  recallAll(): void {
    const births = this.#births!;
    for (let row = 1; row < this.#rows.end; row++) {
      if (this.kind(row) === 0) continue;
      this.recallBirth(row);
      const pattern = this.patternOf(row);
      const added = this.#added[row]!;
      const name = this.nameHandle(row);
      if (name !== 0) births.recall(name, pattern, added);
      const entry = this.main.entry(row);
      if (entry !== 0) births.recall(entry, pattern, added);
    }
  }

  /** decrRefCount to 0: frees the parts of the value, then the robj. */
  releaseValue(kind: number, object: number, payload: number): void {
    if (typeOfKind(kind) !== ValueType.string) {
      this.models.at(payload).free(this.#heap);
      this.models.remove(payload);
    } else if (encodingOfKind(kind) === StringEncoding.raw) {
      this.#heap.free(payload);
    }
    if (object !== 0) this.#heap.free(object);
  }

  /** Sets the expiry; 0 removes it. */
  setExpiry(row: number, atMs: number): void {
    if (row >= this.#expiry.length) {
      const rows = this.#records.length / RECORD;
      const longer = new Float64Array(rows);
      longer.set(this.#expiry);
      this.#expiry = longer;
      const links = new Uint32Array(rows * EXPIRES_LINKS);
      links.set(this.expires.links);
      this.expires.links = links;
    }
    this.#expiry[row] = atMs;
  }

  /** Notes an access: the LFU counter if the policy uses frequency, else the LRU clock. */
  touch(row: number, nowMs: number, usesFrequency: boolean, random: Random): void {
    if (row >= this.access.length) this.access = grown(this.access, this.#records.length / RECORD);
    const access = this.access[row]!;
    this.access[row] = usesFrequency ? usedAgain(access, nowMs, random) : lruClock(nowMs);
  }

  /** Notes the first access of a new key. */
  startAccess(row: number, nowMs: number, usesFrequency: boolean): void {
    if (row >= this.access.length) this.access = grown(this.access, this.#records.length / RECORD);
    this.access[row] = usesFrequency ? newFrequency(nowMs) : lruClock(nowMs);
  }

  idleMs(row: number, nowMs: number): number {
    return lruIdleMs(this.access[row] ?? 0, nowMs);
  }

  frequency(row: number, nowMs: number): number {
    return frequencyNow(this.access[row] ?? 0, nowMs);
  }

  /** Returns the expiry; 0 means never. */
  expiryOf(row: number): number {
    return row < this.#expiry.length ? this.#expiry[row]! : 0;
  }

  /** Counts the change to a value of that kind in the slots. */
  #countIn(slots: SlotMemory, row: number, kind: number, detail: number): void {
    const by = stringBytes(kind, detail) - this.stringBytesOf(row);
    if (by !== 0) slots.changeString(row, by);
    if (typeOfKind(kind) !== ValueType.string || this.typeOf(row) > ValueType.string) slots.note(row);
  }

  /** Attributes the next allocations to the key. */
  #noteAdded(
    { origins }: AttributionTable,
    row: number,
    hash: number,
    bytes: Uint8Array,
    from: number,
    length: number,
  ): void {
    origins.aimAtName(hash, bytes, from, length);
    this.#records[(row << RECORD_SHIFT) | KIND] = origins.pattern << PATTERN_SHIFT;
    if (row >= this.#added.length) this.#added = grown(this.#added, this.#records.length / RECORD);
    this.#added[row] = origins.command;
  }

  /** Attributes the parts of the value to the key, and retags the name if the previous value had another type. */
  #hold(holdings: MemoryAccounts, row: number, { kind, object, payload }: Value): void {
    const { table } = holdings;
    const type = typeOfKind(kind);
    if (type !== this.typeOf(row)) this.#holdType(holdings, row, type);
    if (type !== ValueType.string) {
      if (this.#births !== undefined) this.#records[(row << RECORD_SHIFT) | BIRTH] = 0;
      table.retag(object, tagOf(StructKind.valueObject, type));
      return;
    }
    const text = encodingOfKind(kind) === StringEncoding.raw ? payload : 0;
    const isObject = table.becomesString(object);
    const isText = text !== 0 && table.becomesString(text);
    if (this.#births !== undefined) {
      const isWhole = isObject && (text === 0 || isText);
      this.#keepBirth(this.#births, row, isWhole, isObject ? object : 0, isText ? text : 0);
    }
    if (object !== 0 && !isObject) table.retag(object, tagOf(StructKind.valueObject, type));
    if (text !== 0 && !isText) table.retag(text, StructKind.valueString);
  }

  /** Counts the row's first value or its change of type, and retags its name. */
  #holdType({ keys, table }: MemoryAccounts, row: number, type: ValueType): void {
    keys[type] = keys[type]! + 1;
    if (this.kind(row) === 0) return;
    const before = this.typeOf(row);
    keys[before] = keys[before]! - 1;
    const name = this.nameHandle(row);
    if (name !== 0) table.retag(name, tagOf(StructKind.keyName, type));
  }

  /**
   * Remembers the origin of an object and a text (0 for none) that are arguments of this command. Only if they are all
   * of the value (`isWhole`) is the origin kept in the record.
   */
  #keepBirth(births: AttributionTable, row: number, isWhole: boolean, object: number, text: number): void {
    const { command, pattern } = births.origins;
    // A command whose lower half is 0 cannot be remembered.
    const birth = isWhole && pattern === this.patternOf(row) ? command >>> 0 : 0;
    this.#records[(row << RECORD_SHIFT) | BIRTH] = birth;
    if (birth !== 0) return;
    if (object !== 0) births.recall(object, pattern, command);
    if (text !== 0) births.recall(text, pattern, command);
  }

  #share(): void {
    this.#records = this.#memory.words;
    this.#texts = this.#memory.bytes;
    this.main.hashes = this.#records;
    this.main.links = this.#records.subarray(NEXT);
    this.expires.hashes = this.#records;
  }
}

/** Holds the contents of a string that are known. */
export interface StringContents {
  readonly text: string | undefined;
  readonly hyperLogLog: HyperLogLog | undefined;
}

const EXPIRES_LINKS = 2;

// Names are short: this loop beats a subarray and a set.
function copyName(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  for (let index = 0; index < length; index++) to[(at + index) >>> 0] = from[(start + index) >>> 0]!;
}
