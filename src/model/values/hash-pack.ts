import { ContainerKind, DataType, type Heap, tagOf } from '../heap/index.js';
import type { Try } from '../keyspace/index.js';
import type { Listpack } from './listpack.js';
import { entryBytes, integerEntryBytes } from './listpack-entry.js';
import type { LookupKey } from './lookup-key.js';
import { copyValue, releaseValue, valueCode, valueEntryBytes, valueLength } from './value-code.js';
import type { ValueContext } from './value-context.js';

const TIMED_LISTPACK = tagOf(ContainerKind.fieldTimes, DataType.fieldExpiry);
/** The longest value that moves within a listpack without a copy on the heap. */
const MOST_ON_STACK = 512;

interface Pair {
  /** The slot of the field in the byte arena. */
  readonly name: number;
  /** The code of the value. */
  code: number;
  /** The expiry in milliseconds since 1970; 0 if the field never expires. */
  expiry: number;
}

/**
 * The fields and values of a hash in one listpack. If fields may expire, each pair has a third entry for its expiry, and
 * the pairs are in that order. A struct then points to the listpack (listpackEx).
 */
export class HashPack {
  readonly #space: ValueContext;
  readonly listpack: Listpack;
  #pairs: Pair[] = [];
  /** The struct of a listpack with expiries; 0 if it has none. */
  #struct = 0;

  constructor(space: ValueContext, listpack: Listpack) {
    this.#space = space;
    this.listpack = listpack;
  }

  get size(): number {
    return this.#pairs.length;
  }

  get bytes(): number {
    return this.listpack.bytes + this.#structBytes;
  }

  get usage(): number {
    return this.#space.usageOfPack(this.listpack) + this.#structBytes;
  }

  /** Whether pairs have expiries, even if no field expires. */
  get isTimed(): boolean {
    return this.#struct !== 0;
  }

  /** Returns the first expiry; Infinity if there is none. */
  get firstExpiryMs(): number {
    const [first] = this.#pairs;
    return first === undefined || first.expiry === 0 ? Infinity : first.expiry;
  }

  /** Tries the struct of pairs with expiries, then the listpack. */
  defragment(attempt: Try): void {
    if (this.#struct !== 0) attempt(this.#struct);
    attempt(this.listpack.handle);
  }

  /** Gives each pair an entry for its expiry, and makes the struct (hashTypeConvertListpack). */
  makeTimed(): void {
    if (this.isTimed) return;
    const { heap } = this.#space;
    for (let count = this.size; count > 0; count--) this.listpack.change(heap, integerEntryBytes(0), 0);
    this.makeStruct();
  }

  makeStruct(): void {
    this.#struct = this.#newStruct();
  }

  #newStruct(): number {
    const { heap, version } = this.#space;
    return heap.calloc(version.sizes.timedListpack, TIMED_LISTPACK);
  }

  /** Adds a pair that the listpack contains already. */
  adopt(field: LookupKey, value: LookupKey, expiry = 0): void {
    const { contents } = this.#space;
    const name = contents.keep(field);
    this.#enter({ name, code: valueCode(contents, value), expiry });
  }

  /** Appends a pair, which no field has yet. */
  append(field: LookupKey, value: LookupKey, expiry = 0): void {
    const { heap, policy } = this.#space;
    const fieldBytes = entryBytes(field.bytes, field.start, field.length);
    const valueBytes = entryBytes(value.bytes, value.start, value.length);
    // Versions that append in batches grow the listpack once for both.
    if (this.isTimed) {
      this.listpack.change(heap, fieldBytes + valueBytes + integerEntryBytes(expiry), 0);
    } else if (policy.appendsPairs) {
      this.listpack.change(heap, fieldBytes + valueBytes, 0);
    } else {
      this.listpack.change(heap, fieldBytes, 0);
      this.listpack.change(heap, valueBytes, 0);
    }
    this.adopt(field, value, expiry);
  }

  /** Sets a field, which loses its expiry unless it keeps it. Returns whether the field is new. */
  set(field: LookupKey, value: LookupKey, keepsExpiry: boolean): boolean {
    const pair = this.#find(field);
    if (pair === undefined) {
      this.append(field, value);
      return true;
    }
    const { contents, heap } = this.#space;
    const code = valueCode(contents, value);
    this.listpack.change(heap, valueEntryBytes(contents, code), valueEntryBytes(contents, pair.code));
    releaseValue(contents, pair.code);
    pair.code = code;
    if (!keepsExpiry && pair.expiry !== 0) this.#setExpiry(pair, 0);
    return false;
  }

  /** Returns the value's code if the field exists. */
  get(field: LookupKey): number | undefined {
    return this.#find(field)?.code;
  }

  /** Returns the expiry of a field, 0 for none; undefined if there is no such field. */
  expiryOf(field: LookupKey): number | undefined {
    return this.#find(field)?.expiry;
  }

  /** Sets the expiry of a field that exists; 0 removes it. */
  setExpiry(field: LookupKey, expiry: number): void {
    const pair = this.#find(field);
    if (pair !== undefined) this.#setExpiry(pair, expiry);
  }

  delete(field: LookupKey): boolean {
    const pair = this.#find(field);
    if (pair === undefined) return false;
    this.listpack.deleteRange(this.#space.heap, this.#bytesOf(pair));
    this.#drop(pair);
    return true;
  }

  /** Deletes up to `count` expired fields at once, and passes the length of each to `each`. */
  expire(nowMs: number, count: number, each: (length: number) => void): number {
    const { contents, heap } = this.#space;
    const gone: Pair[] = [];
    for (const pair of this.#pairs) {
      if (gone.length === count || pair.expiry === 0 || pair.expiry > nowMs) break;
      each(contents.length(pair.name));
      gone.push(pair);
    }
    if (gone.length === 0) return 0;
    this.listpack.deleteRange(
      heap,
      gone.reduce((sum, pair) => sum + this.#bytesOf(pair), 0),
    );
    for (const pair of gone) this.#drop(pair);
    return gone.length;
  }

  /** Yields the slot of the field and the value code of each pair that has not expired. */
  *entries(): Generator<readonly [number, number]> {
    for (const { name, code, expiry } of this.#pairs) {
      if (!this.#space.isExpired(expiry)) yield [name, code];
    }
  }

  *timedEntries(): Generator<readonly [number, number, number]> {
    for (const { name, code, expiry } of this.#pairs) yield [name, code, expiry];
  }

  /** Returns all pairs, those that have expired among them. */
  get pairs(): readonly Readonly<Pair>[] {
    return this.#pairs;
  }

  copy(heap: Heap): HashPack {
    const { contents } = this.#space;
    // The struct of a copy is made before its listpack.
    const struct = this.isTimed ? this.#newStruct() : 0;
    const copy = new HashPack(this.#space, this.listpack.copy(heap));
    copy.#struct = struct;
    copy.#pairs = this.#pairs.map(({ name, code, expiry }) => ({
      name: contents.copy(name),
      code: copyValue(contents, code),
      expiry,
    }));
    return copy;
  }

  /** Frees the listpack and its struct, but keeps the names and values of the pairs. */
  freeRegions(heap: Heap): void {
    this.listpack.free(heap);
    if (this.isTimed) heap.free(this.#struct);
  }

  free(heap: Heap): void {
    this.freeRegions(heap);
    const { contents } = this.#space;
    for (const { name, code } of this.#pairs) {
      contents.release(name);
      releaseValue(contents, code);
    }
  }

  get #structBytes(): number {
    return this.isTimed ? this.#space.version.sizes.timedListpack : 0;
  }

  /** Deletes a pair and inserts it again at the place of its new expiry (listpackExUpdateExpiry). */
  #setExpiry(pair: Pair, expiry: number): void {
    const { heap, contents } = this.#space;
    const length = valueLength(contents, pair.code);
    const isLong = length > MOST_ON_STACK;
    const copy = isLong ? this.#space.newString(length, ContainerKind.containerTemporary) : 0;
    this.listpack.deleteRange(heap, this.#bytesOf(pair));
    this.#pairs.splice(this.#pairs.indexOf(pair), 1);
    pair.expiry = expiry;
    this.listpack.change(heap, this.#bytesOf(pair), 0);
    this.#enter(pair);
    if (isLong) heap.free(copy);
  }

  /** Puts a pair in front of the first one that expires no earlier. */
  #enter(pair: Pair): void {
    const { expiry } = pair;
    const at =
      expiry === 0 ? -1 : this.#pairs.findIndex((other) => other.expiry === 0 || other.expiry >= expiry);
    this.#pairs.splice(at < 0 ? this.#pairs.length : at, 0, pair);
  }

  #bytesOf({ name, code, expiry }: Pair): number {
    const bytes = this.#space.keptEntryBytes(name) + valueEntryBytes(this.#space.contents, code);
    return this.isTimed ? bytes + integerEntryBytes(expiry) : bytes;
  }

  #drop(pair: Pair): void {
    const { contents } = this.#space;
    this.#pairs.splice(this.#pairs.indexOf(pair), 1);
    contents.release(pair.name);
    releaseValue(contents, pair.code);
  }

  #find(field: LookupKey): Pair | undefined {
    const { contents } = this.#space;
    return this.#pairs.find(({ name }) => contents.equals(name, field));
  }
}
