import { grown, NumberPool, type Random } from '../trace/index.js';
import { frequencyNow, lruClock, lruIdleMs, newFrequency, usedAgain } from './access.js';
import { TableElements } from './hash-table.js';
import type { Heap } from './heap.js';
import { Models } from './models.js';
import { NameArena } from './name-arena.js';
import { encodingOfKind, StringEncoding, typeOfKind, type Value } from './string-value.js';
import { type ValueModel, ValueType } from './value-model.js';

const MAX_KEYS = 0x0fffffff;

/**
 * The keys of all databases by row number, as columns: about 50 bytes a key beside its name. Rows count from 1, so
 * that 0 means "no such key"; a removed key's row is the next to be used.
 */
export class Keyspace {
  /** Chains and entries of the main tables. */
  readonly main = new TableElements();
  /** Chains and entries of the expires tables, which find keys by the same hash. */
  readonly expires = new TableElements();
  readonly names = new NameArena();
  readonly models = new Models();
  /** Where each name lies in the arena, and its length. */
  place = new Uint32Array(16);
  nameLength = new Uint32Array(16);
  /** Handle of the key's sds; 0 where the name is part of the entry. */
  name = new Uint32Array(16);
  kind = new Uint16Array(16);
  object = new Uint32Array(16);
  payload = new Uint32Array(16);
  detail = new Uint32Array(16);
  /** Last access, as eviction policies keep it: only there if a policy needs it. */
  access = new Uint32Array(0);
  /** When the key expires, virtual milliseconds; 0: never. */
  expiry = new Float64Array(0);
  /** Texts of strings that are numbers but not encoded as such: all that arithmetic could ask for. By row. */
  readonly texts = new Map<number, string>();
  readonly #rows = new NumberPool(1, MAX_KEYS, 'keys');
  readonly #heap: Heap;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  newRow(): number {
    const row = this.#rows.take();
    if (row >= this.place.length) this.#reach(row);
    return row;
  }

  giveRow(row: number): void {
    if (this.texts.size > 0) this.texts.delete(row);
    this.#rows.give(row);
  }

  hasName(row: number, bytes: Uint8Array, from: number, length: number): boolean {
    return (
      this.nameLength[row] === length && this.names.equals(this.place[row] as number, bytes, from, length)
    );
  }

  nameOf(row: number): Uint8Array {
    return this.names.view(this.place[row] as number, this.nameLength[row] as number);
  }

  typeOf(row: number): ValueType {
    return typeOfKind(this.kind[row] as number);
  }

  encodingOf(row: number): StringEncoding {
    return encodingOfKind(this.kind[row] as number);
  }

  /** The value of a key that is not a string. */
  modelOf(row: number): ValueModel {
    return this.models.at(this.payload[row] as number);
  }

  setValue(row: number, value: Value): void {
    this.kind[row] = value.kind;
    this.object[row] = value.object;
    this.payload[row] = value.payload;
    this.detail[row] = value.detail;
  }

  getValue(row: number, value: Value): Value {
    return value.set(
      this.kind[row] as number,
      this.object[row] as number,
      this.payload[row] as number,
      this.detail[row] as number,
    );
  }

  /** decrRefCount to 0: what the value consists of, then the robj. */
  releaseValue(kind: number, object: number, payload: number): void {
    if (typeOfKind(kind) !== ValueType.string) {
      this.models.at(payload).free(this.#heap);
      this.models.remove(payload);
    } else if (encodingOfKind(kind) === StringEncoding.raw) {
      this.#heap.free(payload);
    }
    if (object !== 0) this.#heap.free(object);
  }

  setExpiry(row: number, atMs: number): void {
    if (row >= this.expiry.length) {
      const longer = new Float64Array(this.place.length);
      longer.set(this.expiry);
      this.expiry = longer;
      this.expires.reach(row);
      this.expires.hash = this.main.hash;
    }
    this.expiry[row] = atMs;
  }

  /** Notes an access as the policy wants it, or nothing where no policy asks. */
  touch(row: number, nowMs: number, usesFrequency: boolean, random: Random): void {
    if (row >= this.access.length) this.access = grown(this.access, this.place.length);
    const access = this.access[row] as number;
    this.access[row] = usesFrequency ? usedAgain(access, nowMs, random) : lruClock(nowMs);
  }

  /** A new key's first access. */
  startAccess(row: number, nowMs: number, usesFrequency: boolean): void {
    if (row >= this.access.length) this.access = grown(this.access, this.place.length);
    this.access[row] = usesFrequency ? newFrequency(nowMs) : lruClock(nowMs);
  }

  idleMs(row: number, nowMs: number): number {
    return lruIdleMs(this.access[row] ?? 0, nowMs);
  }

  frequency(row: number, nowMs: number): number {
    return frequencyNow(this.access[row] ?? 0, nowMs);
  }

  /** 0: never. */
  expiryOf(row: number): number {
    return row < this.expiry.length ? (this.expiry[row] as number) : 0;
  }

  #reach(row: number): void {
    this.place = grown(this.place, row + 1);
    this.nameLength = grown(this.nameLength, row + 1);
    this.name = grown(this.name, row + 1);
    this.object = grown(this.object, row + 1);
    this.payload = grown(this.payload, row + 1);
    this.detail = grown(this.detail, row + 1);
    const kind = new Uint16Array(this.place.length);
    kind.set(this.kind);
    this.kind = kind;
    this.main.reach(row);
    this.expires.hash = this.main.hash;
  }
}
