import { DataType, growableSdsBytes, StructKind, sdsBytes, tagOf } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { DatabaseContext } from './database-context.js';
import { entryBytes, newExpires, newKeys, newStore, openDatabase } from './database-tables.js';
import type { HashTable } from './hash-table.js';
import type { KeyTables } from './key-tables.js';
import { exchangesContents, KeyedObjects } from './keyed-objects.js';
import { inLazyFreeThread } from './lazy-free.js';
import { isInTable, tableOfRow } from './row-tables.js';
import { typeOfKind, Value } from './string-value.js';
import { TimedHashes } from './timed-hashes.js';
import { TrackedStreams } from './tracked-streams.js';
import { ValueType } from './value-model.js';

/** Lazy freeing leaves values that take more than this many frees to the background thread. */
const BACKGROUND_EFFORT = 64;

/** The name of a loaded key, and the handle of the string allocated for it. */
export interface LoadedKey {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
  readonly handle: number;
}

/** A database has a table of its keys and a table of those that expire. Keys are rows of the keyspace. */
export class Database {
  readonly #context: DatabaseContext;
  keys: KeyTables;
  expires: KeyTables;
  timedHashes: TimedHashes;
  /** The streams that remember requests. */
  trackedStreams: TrackedStreams;
  /** The objects that hold their keys; undefined in versions whose names are elsewhere. */
  readonly #objects: KeyedObjects | undefined;
  /** Serves as a register for values of which only the object is replaced. */
  readonly #value = new Value();

  constructor(context: DatabaseContext) {
    this.#context = context;
    const { heap, version } = context;
    this.#objects = version.keys.name === 'inObject' ? new KeyedObjects(heap, version) : undefined;
    this.keys = newKeys(context);
    this.expires = newExpires(context);
    this.timedHashes = new TimedHashes(context);
    this.trackedStreams = new TrackedStreams(heap, version.sizes);
  }

  get size(): number {
    return this.keys.used;
  }

  /** Whether the row's key is in this database. */
  holds(row: number): boolean {
    const table = this.#tableOf(this.keys, row);
    return table !== undefined && isInTable(table, row, this.#context.keyspace.hash(row));
  }

  /** dictFind: returns the row of a key, or 0 if there is none. */
  find(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const keys = this.keys.at(bytes, from, length);
    if (keys === undefined) return 0;
    const { keyspace } = this.#context;
    let row = keys.find(hash);
    while (row !== 0 && !keyspace.hasName(row, bytes, from, length)) row = keys.findNext(row, hash);
    if (row !== 0) keyspace.noteFound(row);
    return row;
  }

  /** Finds a row without moving a bucket. */
  peek(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const keys = this.keys.at(bytes, from, length);
    if (keys === undefined) return 0;
    const { keyspace } = this.#context;
    let row = keys.peek(hash);
    while (row !== 0 && !keyspace.hasName(row, bytes, from, length)) row = keys.findNext(row, hash);
    return row;
  }

  /**
   * dbAdd: adds a key that does not exist yet. The value's allocations exist already. If
   * `expires`, the key gets its expiry with its value.
   */
  add(hash: number, bytes: Uint8Array, from: number, length: number, value: Value, expires = false): number {
    const { heap, keyspace, version, isCluster, settings } = this.#context;
    const row = keyspace.newRow(hash, bytes, from, length);
    this.#attach(row, value, expires && version.keyedObjects.movesWithExpiry);
    if (this.timedHashes.hasPlaceFor(value.kind, value.payload)) this.timedHashes.add(row);
    const keys = this.keys.for(bytes, from, length);
    const nameOwner = tagOf(StructKind.keyName, typeOfKind(value.kind));
    if (version.keys.name === 'before') {
      keyspace.setNameHandle(row, heap.malloc(sdsBytes(heap.sds, length), nameOwner));
    }
    keys.makeRoom(hash);
    keys.insert(
      row,
      version.keys.name === 'embedded' ? embeddedEntry(length, version) : entryBytes(version, isCluster),
    );
    if (version.keys.name === 'after') {
      keyspace.setNameHandle(row, heap.malloc(sdsBytes(heap.sds, length), nameOwner));
    }
    this.keys.changed(keys, 1);
    keyspace.setValue(row, value);
    if (settings.tracksAccess) keyspace.startAccess(row, this.#context.nowMs, settings.usesFrequency);
    return row;
  }

  /**
   * dbAddRDBLoad: the key keeps the string that exists for its name, unless its entry or its object has a copy, and the
   * caller frees it.
   */
  load(hash: number, key: LoadedKey, value: Value, expires: boolean): number {
    const { heap, keyspace, version, isCluster } = this.#context;
    const { bytes, start, length, handle } = key;
    const row = keyspace.newRow(hash, bytes, start, length);
    const { growsBeforeObject, movesWithExpiry } = version.keyedObjects;
    if (!growsBeforeObject) this.#attach(row, value, expires && movesWithExpiry);
    const keys = this.keys.for(bytes, start, length);
    keys.makeReady(hash);
    if (growsBeforeObject) {
      keys.reserve(hash);
      this.#attach(row, value, false);
      keys.insert(row);
    } else if (version.keys.name === 'embedded') {
      keys.insert(row, version.sizes.embeddedEntryHead + sdsBytes(version.strings.sds, length));
    } else {
      keys.insert(row, entryBytes(version, isCluster));
    }
    if (keepsLoadedName(version)) {
      keyspace.setNameHandle(row, handle);
      heap.retag(handle, tagOf(StructKind.keyName, typeOfKind(value.kind)));
    }
    this.keys.changed(keys, 1);
    if (this.timedHashes.hasPlaceFor(value.kind, value.payload)) this.timedHashes.add(row);
    keyspace.setValue(row, value);
    return row;
  }

  /**
   * dbOverwrite: sets the new value before it frees the old one. The expiry stays if it is kept; otherwise the caller
   * removes it, unless the key's object has to change with it.
   */
  overwrite(row: number, value: Value, keepsExpiry = true): void {
    const { keyspace, settings } = this.#context;
    this.#stepFor(this.keys, row);
    const kind = keyspace.kind(row);
    const object = keyspace.object(row);
    const payload = keyspace.payload(row);
    this.#untrack(row);
    const released = this.#objects === undefined ? object : this.#keyOf(row, value, keepsExpiry);
    if (this.timedHashes.hasPlaceFor(kind, payload)) this.timedHashes.remove(row);
    if (this.timedHashes.hasPlaceFor(value.kind, value.payload)) this.timedHashes.add(row);
    keyspace.setValue(row, value);
    this.#release(kind, released, payload, settings.lazyfreeLazyServerDel);
  }

  /**
   * dbSetValue: gives the new value of a row an object with the row's key, and returns the object to free. If no string is
   * embedded on either side, the row keeps its object and the values change places.
   */
  #keyOf(row: number, value: Value, keepsExpiry: boolean): number {
    const { keyspace, version } = this.#context;
    const object = keyspace.object(row);
    const { dropsExpiryFirst } = version.keyedObjects;
    let released = object;
    if (object !== 0 && exchangesContents(keyspace.kind(row), value.kind)) {
      released = value.object;
      value.object = object;
    } else {
      const expires = keyspace.expiryOf(row) !== 0;
      this.#attach(row, value, expires && (keepsExpiry || !dropsExpiryFirst));
      if (expires) this.#stepFor(this.expires, row);
    }
    if (dropsExpiryFirst && !keepsExpiry) this.#dropExpiry(row);
    return released;
  }

  /** Makes the object of a key from a value's, in versions whose objects hold the name. */
  #attach(row: number, value: Value, hasExpiry: boolean): void {
    if (this.#objects === undefined) return;
    const { keyspace } = this.#context;
    keyspace.setExpiryRoom(row, this.#objects.attach(keyspace.nameLength(row), value, hasExpiry));
  }

  /**
   * dbSyncDelete frees expires entry, name, value and entry. If `lazily`, dbAsyncDelete frees the value before the
   * name.
   */
  delete(row: number, lazily: boolean): void {
    const { heap, keyspace, version } = this.#context;
    this.#untrack(row);
    if (this.#objects !== undefined) {
      this.#deleteWithObject(row, (kind, object, payload) => this.#release(kind, object, payload, lazily));
      return;
    }
    const kind = keyspace.kind(row);
    const object = keyspace.object(row);
    const payload = keyspace.payload(row);
    const keys = this.#tableOf(this.keys, row)!;
    keys.step();
    if (version.keys.deletesExpiryBeforeLazyFree) {
      this.#dropExpiry(row);
      if (lazily) this.#release(kind, object, payload, true);
    } else {
      if (lazily) this.#release(kind, object, payload, true);
      this.#dropExpiry(row);
    }
    keys.unlink(row);
    if (keyspace.nameHandle(row) !== 0) heap.free(keyspace.nameHandle(row));
    if (!lazily) keyspace.releaseValue(kind, object, payload);
    this.#forget(keys, row);
  }

  /** Deletes a key whose value stays under another name. */
  deleteWithoutValue(row: number): void {
    const { heap, keyspace } = this.#context;
    this.#untrack(row);
    if (this.#objects !== undefined) {
      this.#deleteWithObject(row, () => {});
      return;
    }
    const keys = this.#tableOf(this.keys, row)!;
    keys.step();
    this.#dropExpiry(row);
    keys.unlink(row);
    if (keyspace.nameHandle(row) !== 0) heap.free(keyspace.nameHandle(row));
    this.#forget(keys, row);
  }

  /** Takes out a key whose value may be broken, if there is one of that name. The value's regions stay allocated. */
  takeOut(hash: number, name: Uint8Array): void {
    const row = this.peek(hash, name, 0, name.length);
    if (row !== 0) this.deleteWithoutValue(row);
  }

  /** Takes a key out of both tables, each of which may shrink, before its object is released. */
  #deleteWithObject(row: number, release: (kind: number, object: number, payload: number) => void): void {
    const { keyspace } = this.#context;
    const kind = keyspace.kind(row);
    const object = keyspace.object(row);
    const payload = keyspace.payload(row);
    const keys = this.#tableOf(this.keys, row)!;
    keys.step();
    if (this.#context.version.keyedObjects.dropsExpiryFirst) {
      this.#dropExpiry(row);
      keys.unlink(row);
      release(kind, object, payload);
      this.#forget(keys, row);
      return;
    }
    keys.unlink(row);
    keys.shrinkIfNeeded();
    this.keys.changed(keys, -1);
    if (keyspace.expiryOf(row) !== 0) this.#dropExpiry(row);
    if (this.timedHashes.hasPlaceFor(kind, payload)) this.timedHashes.remove(row);
    release(kind, object, payload);
    keyspace.giveRow(row);
  }

  /** Removes a key from the orders and lists in which only some keys are. */
  #untrack(row: number): void {
    this.timedHashes.order?.remove(row);
    this.trackedStreams.remove(row);
  }

  /** Frees the entry of an unlinked row and lets its table shrink. */
  #forget(keys: HashTable, row: number): void {
    keys.freeEntry(row);
    keys.shrinkIfNeeded();
    this.keys.changed(keys, -1);
    this.#context.keyspace.giveRow(row);
  }

  /** FLUSHDB: frees the keys at once, or makes new tables and frees the old ones in the background. */
  flush(isAsynchronous: boolean): number {
    const { heap, version } = this.#context;
    const { keys, expires, timedHashes, trackedStreams } = this;
    const removed = keys.used;
    if (isAsynchronous) {
      const stores = [
        ...newStore(this.#context, DataType.keys),
        ...newStore(this.#context, DataType.expires),
      ];
      this.keys = newKeys(this.#context);
      this.expires = newExpires(this.#context);
      this.timedHashes = new TimedHashes(this.#context);
      this.trackedStreams = new TrackedStreams(heap, version.sizes);
      const { stores: count, flushArguments } = version.keys;
      for (let more = 2; more < count; more++) stores.push(...newStore(this.#context, DataType.fieldExpiry));
      inLazyFreeThread(heap, version, flushArguments, () => {
        timedHashes.order?.free();
        keys.free((row) => this.#freeKey(row));
        expires.free(noKey);
        timedHashes.table?.free(noKey);
        trackedStreams.clear();
        for (const handle of stores) heap.free(handle);
        if (version.keys.purgesAfterLazyFlush) {
          heap.flushCache();
          heap.purge();
        }
      });
    } else {
      timedHashes.order?.free();
      keys.empty((row) => this.#freeKey(row));
      expires.empty(noKey);
      timedHashes.table?.empty(noKey);
      trackedStreams.clear();
    }
    return removed;
  }

  /** Frees name and value; the table frees the entry next. */
  #freeKey(row: number): void {
    const { heap, keyspace } = this.#context;
    if (keyspace.nameHandle(row) !== 0) heap.free(keyspace.nameHandle(row));
    keyspace.releaseValue(keyspace.kind(row), keyspace.object(row), keyspace.payload(row));
    keyspace.giveRow(row);
  }

  /** SWAPDB: exchanges the tables of two databases. */
  swapWith(other: Database): void {
    const { keys, expires, timedHashes, trackedStreams } = this;
    this.keys = other.keys;
    this.expires = other.expires;
    this.timedHashes = other.timedHashes;
    this.trackedStreams = other.trackedStreams;
    other.keys = keys;
    other.expires = expires;
    other.timedHashes = timedHashes;
    other.trackedStreams = trackedStreams;
  }

  /** Steps the expires table, as a lookup of a key's expiry does; if it has one, the main table too. */
  stepForExpiry(row: number): void {
    if (this.#context.version.keyedObjects.tellsExpiry || this.expires.used === 0) return;
    this.#stepFor(this.expires, row);
    if (this.#objects === undefined && this.#context.keyspace.expiryOf(row) !== 0)
      this.#stepFor(this.keys, row);
  }

  /** Steps the expires table for a name that no key has. */
  stepForNone(hash: number, bytes: Uint8Array, from: number, length: number): void {
    if (this.#context.version.keyedObjects.tellsExpiry || this.expires.used === 0) return;
    this.expires.at(bytes, from, length)?.stepAt(hash);
  }

  /** Steps the tables in which a server looks for a key that it deletes, for a name that no key has. */
  stepToDelete(hash: number, bytes: Uint8Array, from: number, length: number): void {
    if (this.#context.version.keys.deletesExpiryBeforeLazyFree && this.expires.used > 0) {
      this.expires.at(bytes, from, length)?.stepAt(hash);
    }
    this.keys.at(bytes, from, length)?.stepAt(hash);
  }

  #stepFor(tables: KeyTables, row: number): void {
    this.#tableOf(tables, row)?.stepAt(this.#context.keyspace.hash(row));
  }

  #tableOf(tables: KeyTables, row: number): HashTable | undefined {
    return tableOfRow(this.#context.keyspace, tables, row);
  }

  /** setExpire: sets a virtual time. */
  setExpiry(row: number, atMs: number): void {
    const { keyspace } = this.#context;
    this.#stepFor(this.keys, row);
    const isNew = keyspace.expiryOf(row) === 0;
    // A time of 0 would mean no expiry.
    keyspace.setExpiry(row, atMs === 0 ? Number.MIN_VALUE : atMs);
    if (this.#objects !== undefined) {
      if (!isNew) return;
      this.#makeRoomForExpiry(row);
    }
    const name = keyspace.nameOf(row);
    const expires = this.expires.for(name, 0, name.length);
    expires.makeReady(keyspace.hash(row));
    if (!isNew) return;
    expires.insert(row);
    this.expires.changed(expires, 1);
  }

  /** Replaces the object of a row by one with a field for the expiry, unless it has the field. */
  #makeRoomForExpiry(row: number): void {
    const { keyspace } = this.#context;
    if (keyspace.hasExpiryRoom(row)) return;
    const value = keyspace.getValue(row, this.#value);
    this.#attach(row, value, true);
    keyspace.setValue(row, value);
  }

  /** removeExpire for PERSIST, which looks for the expiry of any key. Returns whether the key had one. */
  persist(row: number): boolean {
    const { dropsExpiryFirst } = this.#context.version.keyedObjects;
    if (dropsExpiryFirst && this.#context.keyspace.expiryOf(row) === 0) this.#stepFor(this.expires, row);
    return this.removeExpiry(row);
  }

  /** removeExpire: returns whether the key had an expiry. */
  removeExpiry(row: number): boolean {
    const { keys, keyedObjects } = this.#context.version;
    if (keys.looksUpKeyToPersist) this.#stepFor(this.keys, row);
    return this.#dropExpiry(row, !keyedObjects.dropsExpiryFirst);
  }

  #dropExpiry(row: number, searches = false): boolean {
    const { keyspace } = this.#context;
    if (this.expires.used === 0) return false;
    if (this.#objects !== undefined && !searches && keyspace.expiryOf(row) === 0) return false;
    const expires = this.#tableOf(this.expires, row);
    if (expires === undefined) return false;
    expires.stepAt(keyspace.hash(row));
    if (keyspace.expiryOf(row) === 0) return false;
    expires.unlink(row);
    expires.freeEntry(row);
    expires.shrinkIfNeeded();
    this.expires.changed(expires, -1);
    keyspace.setExpiry(row, 0);
    return true;
  }

  #isForBackground(kind: number, payload: number): boolean {
    if (typeOfKind(kind) === ValueType.string) return false;
    return this.#context.keyspace.models.at(payload).freeEffort > BACKGROUND_EFFORT;
  }

  /** Frees a value as decrRefCount does, or as freeObjAsync if `lazily`. */
  #release(kind: number, object: number, payload: number, lazily: boolean): void {
    const { heap, keyspace, version } = this.#context;
    if (!lazily || !this.#isForBackground(kind, payload)) {
      keyspace.releaseValue(kind, object, payload);
      return;
    }
    inLazyFreeThread(heap, version, 1, () => keyspace.releaseValue(kind, object, payload));
  }

  /** Allocates the struct and its kvstores, where a database is allocated when a command first selects it (createDatabase). */
  open(): void {
    openDatabase(this.#context);
  }
}

/** Releases nothing, since the keys of the expires table belong to the main table. */
function noKey(): void {}

/** Whether a loaded key keeps the string that was read for its name. */
export function keepsLoadedName({ keys }: ServerVersion): boolean {
  return keys.name === 'before' || keys.name === 'after';
}

/**
 * Returns the bytes of an entry with its name in it (dict.c: createEmbeddedEntry). The sds keeps the header of its
 * argument, which could grow if the argument is embedded in an object.
 */
function embeddedEntry(nameLength: number, { sizes, strings }: ServerVersion): number {
  const { embeddedLimit, sds } = strings;
  const name = nameLength <= embeddedLimit ? growableSdsBytes(sds, nameLength) : sdsBytes(sds, nameLength);
  return sizes.embeddedEntryHead + name;
}
