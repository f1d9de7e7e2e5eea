import { DataType, growableSdsBytes, type Heap, StructKind, sdsBytes, tagOf } from '../heap/index.js';
import type { Settings } from '../settings/index.js';
import type { ServerVersion } from '../versions/index.js';
import { FieldExpiries, type NewTimedRows } from './field-expiries.js';
import type { HashTable, ResizePolicy, TableKind } from './hash-table.js';
import { SLOTS } from './key-slot.js';
import { type KeyTables, OneTable, SlotTables } from './key-tables.js';
import { exchangesContents, KeyedObjects } from './keyed-objects.js';
import type { Keyspace } from './keyspace.js';
import { newTable } from './new-table.js';
import { typeOfKind, Value } from './string-value.js';
import { TrackedStreams } from './tracked-streams.js';
import { ValueType } from './value-model.js';

/** Lazy freeing leaves values that take more than this many frees to the background thread. */
const BACKGROUND_EFFORT = 64;

/** The parts of the server that a database uses. */
export interface DatabaseContext {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  readonly resize: ResizePolicy;
  readonly isCluster: boolean;
  readonly nowMs: number;
  /** Whether a bucket array of so many bytes would keep used_memory within maxmemory. */
  readonly mayExpand: (bytes: number) => boolean;
  readonly newTimedRows: NewTimedRows;
}

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
  /** The hashes that have fields that expire, in versions that keep them in a table. */
  fieldHashes: KeyTables | undefined;
  /** The hashes that have fields that expire, in versions that order them by time. */
  fieldExpiries: FieldExpiries | undefined;
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
    this.keys = this.#newKeys();
    this.expires = this.#newExpires();
    this.fieldHashes = this.#newFieldHashes();
    this.fieldExpiries = this.#newFieldExpiries();
    this.trackedStreams = new TrackedStreams(heap, version.sizes);
  }

  get size(): number {
    return this.keys.used;
  }

  /** Whether the row's key is in this database. */
  holds(row: number): boolean {
    const table = this.#tableOf(this.keys, row);
    return table !== undefined && isIn(table, row, this.#context.keyspace.hash(row));
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
    if (this.#hasFieldExpiries(value.kind, value.payload)) this.trackFields(row);
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
    if (this.#hasFieldExpiries(value.kind, value.payload)) this.trackFields(row);
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
    if (this.#hasFieldExpiries(kind, payload)) this.untrackFields(row);
    if (this.#hasFieldExpiries(value.kind, value.payload)) this.trackFields(row);
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
    if (this.#hasFieldExpiries(kind, payload)) this.untrackFields(row);
    release(kind, object, payload);
    keyspace.giveRow(row);
  }

  #hasFieldExpiries(kind: number, payload: number): boolean {
    if (this.fieldHashes === undefined || typeOfKind(kind) !== ValueType.hash) return false;
    const { models } = this.#context.keyspace;
    return !models.isClosed(payload) && models.at(payload).hasExpiries === true;
  }

  /** Adds a hash to those with fields that expire, unless it is there. */
  trackFields(row: number): void {
    const { keyspace } = this.#context;
    const name = keyspace.nameOf(row);
    const hashes = this.fieldHashes!.for(name, 0, name.length);
    hashes.makeReady(keyspace.hash(row));
    if (isIn(hashes, row, keyspace.hash(row))) return;
    hashes.insert(row);
    this.fieldHashes!.changed(hashes, 1);
  }

  /** Takes a hash out of those with fields that expire, if it is there. */
  untrackFields(row: number): void {
    const { keyspace } = this.#context;
    const hashes = this.#tableOf(this.fieldHashes!, row);
    if (hashes === undefined || hashes.used === 0) return;
    const hash = keyspace.hash(row);
    hashes.stepAt(hash);
    if (!isIn(hashes, row, hash)) return;
    hashes.unlink(row);
    hashes.shrinkIfNeeded();
    this.fieldHashes!.changed(hashes, -1);
  }

  /** Takes a hash out of those with fields that expire after deletions, if it had some and has none. */
  fieldsDeleted(row: number, had: boolean): void {
    if (this.fieldExpiries === undefined) this.fieldsChanged(row, had);
    else if (had && this.#context.keyspace.modelOf(row).hasExpiries !== true) this.fieldExpiries.remove(row);
  }

  /** Adds a loaded hash to those with fields that expire, by the time of its first one. */
  fieldsLoaded(row: number): void {
    const { keyspace } = this.#context;
    // A closed hash has no expiries.
    if (this.fieldExpiries === undefined || keyspace.models.isClosed(keyspace.payload(row))) return;
    const first = keyspace.modelOf(row).firstExpiryMs ?? Infinity;
    if (first !== Infinity) this.fieldExpiries.add(row, first);
  }

  /** Notes that fields of a hash got times of `firstMs` and later. */
  fieldsSet(row: number, firstMs: number): void {
    if (this.fieldExpiries === undefined) return;
    const hash = this.#context.keyspace.modelOf(row);
    if (hash.size > 0) this.fieldExpiries.fieldsSet(row, firstMs, hash.firstExpiryMs ?? Infinity);
  }

  /** Tracks a hash after a change, or no longer, if it had fields that expire and has none, or the other way round. */
  fieldsChanged(row: number, had: boolean): void {
    if (this.fieldHashes === undefined) return;
    const has = this.#context.keyspace.modelOf(row).hasExpiries === true;
    if (has === had) return;
    if (has) this.trackFields(row);
    else this.untrackFields(row);
  }

  /** Removes a key from the orders and lists in which only some keys are. */
  #untrack(row: number): void {
    this.fieldExpiries?.remove(row);
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
    const { keys, expires, fieldHashes, fieldExpiries, trackedStreams } = this;
    const removed = keys.used;
    if (isAsynchronous) {
      const stores = [...this.#newStore(DataType.keys), ...this.#newStore(DataType.expires)];
      this.keys = this.#newKeys();
      this.expires = this.#newExpires();
      this.fieldHashes = this.#newFieldHashes();
      this.fieldExpiries = this.#newFieldExpiries();
      this.trackedStreams = new TrackedStreams(heap, version.sizes);
      const { stores: count, flushArguments } = version.keys;
      for (let more = 2; more < count; more++) stores.push(...this.#newStore(DataType.fieldExpiry));
      inLazyFreeThread(heap, version, flushArguments, () => {
        fieldExpiries?.free();
        keys.free((row) => this.#freeKey(row));
        expires.free(noKey);
        fieldHashes?.free(noKey);
        trackedStreams.clear();
        for (const handle of stores) heap.free(handle);
        if (version.keys.purgesAfterLazyFlush) {
          heap.flushCache();
          heap.purge();
        }
      });
    } else {
      fieldExpiries?.free();
      keys.empty((row) => this.#freeKey(row));
      expires.empty(noKey);
      fieldHashes?.empty(noKey);
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
    const { keys, expires, fieldHashes, fieldExpiries, trackedStreams } = this;
    this.keys = other.keys;
    this.expires = other.expires;
    this.fieldHashes = other.fieldHashes;
    this.fieldExpiries = other.fieldExpiries;
    this.trackedStreams = other.trackedStreams;
    other.keys = keys;
    other.expires = expires;
    other.fieldHashes = fieldHashes;
    other.fieldExpiries = fieldExpiries;
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

  /** Returns the table that a row belongs to. */
  #tableOf(tables: KeyTables, row: number): HashTable | undefined {
    if (tables instanceof OneTable) return tables.only;
    const name = this.#context.keyspace.nameOf(row);
    return tables.at(name, 0, name.length);
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

  #newKeys(): KeyTables {
    const { heap, version, keyspace, resize, isCluster, mayExpand } = this.#context;
    const kind: TableKind = {
      ...kindOf(version, version.keys.keysDictMetadata),
      subject: DataType.keys,
      entryBytes: entryBytes(version, isCluster),
      bare: version.keys.bareEntries,
      mayExpand,
    };
    const { clusterDictMetadata } = version.keys;
    return this.#tablesOf(
      (special) => newTable(heap, version, keyspace.main, { ...kind, ...special }, resize),
      isCluster && clusterDictMetadata > 0 ? { metadata: clusterDictMetadata } : {},
    );
  }

  #newExpires(): KeyTables {
    const { heap, version, keyspace, resize, mayExpand } = this.#context;
    const kind: TableKind = {
      ...kindOf(version, version.keys.expiresDictMetadata),
      subject: DataType.expires,
      entryBytes: version.keys.bareEntries ? version.sizes.setEntry : version.sizes.dictEntry,
      bare: version.keys.bareEntries,
      nameOf: (row) => keyspace.object(row),
      mayExpand,
    };
    return this.#tablesOf(
      (special) => newTable(heap, version, keyspace.expires, { ...kind, ...special }, resize),
      {},
    );
  }

  #newFieldExpiries(): FieldExpiries | undefined {
    const { version, keyspace, isCluster, newTimedRows } = this.#context;
    const { fieldExpiry, fieldExpiryPerSlot } = version.containers;
    if (fieldExpiry !== 'ebuckets') return undefined;
    return new FieldExpiries(keyspace, isCluster && fieldExpiryPerSlot, newTimedRows);
  }

  #newFieldHashes(): KeyTables | undefined {
    const { heap, version, keyspace, resize, mayExpand } = this.#context;
    if (version.keys.stores < 3) return undefined;
    const kind: TableKind = {
      ...kindOf(version, version.keys.expiresDictMetadata),
      subject: DataType.fieldExpiry,
      entryBytes: 0,
      bare: true,
      nameOf: (row) => keyspace.object(row),
      mayExpand,
    };
    return this.#tablesOf(
      (special) => newTable(heap, version, keyspace.main, { ...kind, ...special }, resize),
      {},
    );
  }

  #tablesOf(make: (special: Partial<TableKind>) => HashTable, special: Partial<TableKind>): KeyTables {
    const { isCluster, version } = this.#context;
    if (isCluster && version.keys.dictPerSlot)
      return new SlotTables((moving) => make({ ...special, moving }));
    return new OneTable(make(special));
  }

  /** Allocates the struct and its kvstores, where a database is allocated when a command first selects it (createDatabase). */
  open(): void {
    const { heap, version } = this.#context;
    heap.malloc(version.sizes.database, tagOf(StructKind.dict, DataType.keys));
    this.#newStore(DataType.keys);
    this.#newStore(DataType.expires);
    this.#newStore(DataType.fieldExpiry);
    for (let dict = 0; dict < OTHER_DICTS; dict++) {
      heap.malloc(version.sizes.dict, tagOf(StructKind.dict, DataType.server));
    }
  }

  /** kvstoreCreate: allocates the array of tables, a list, the counts of several tables, and the struct. */
  #newStore(subject: DataType): number[] {
    const owner = tagOf(StructKind.dict, subject);
    const { heap, version, isCluster } = this.#context;
    const { isKvstore, dictPerSlot } = version.keys;
    if (!isKvstore) return [];
    const tables = isCluster && dictPerSlot ? SLOTS : 1;
    if (version.keys.makesDatabasesOnDemand) return this.#newSlotStore(tables, owner);
    const counts = tables > 1 ? [heap.calloc((tables + 1) * 8, owner)] : [];
    return [
      heap.calloc(tables * version.sizes.pointer, owner),
      heap.malloc(version.sizes.list, owner),
      ...counts,
      heap.calloc(subject === DataType.keys ? version.sizes.keysStore : version.sizes.expiresStore, owner),
    ];
  }

  /** Allocates a kvstore with a table of the slots that are imported: the struct first. */
  #newSlotStore(tables: number, owner: number): number[] {
    const { heap, version } = this.#context;
    const { bucketTable, keysStore, list, pointer } = version.sizes;
    const handles = [
      heap.calloc(keysStore, owner),
      heap.calloc(tables * pointer, owner),
      heap.malloc(bucketTable, owner),
      heap.malloc(list, owner),
    ];
    if (tables > 1) handles.push(heap.calloc((tables + 1) * 8, owner));
    return handles;
  }
}

/** The dicts of a database beside its keys and its watched keys: those of blocked clients, in three ways. */
const OTHER_DICTS = 3;

/** Whether a key is in a table. */
function isIn(table: HashTable, row: number, hash: number): boolean {
  let found = table.peek(hash);
  while (found !== 0 && found !== row) found = table.findNext(found, hash);
  return found !== 0;
}

/** Releases nothing, since the keys of the expires table belong to the main table. */
function noKey(): void {}

/** Allocates a job and its list node for the background thread, which frees both after the work. */
function inLazyFreeThread(heap: Heap, version: ServerVersion, argumentCount: number, work: () => void): void {
  const job = heap.malloc(
    version.sizes.lazyFreeJob + (argumentCount - 1) * version.sizes.pointer,
    StructKind.backgroundJob,
  );
  const node = heap.malloc(version.sizes.listNode, StructKind.backgroundJob);
  heap.inBackground(() => {
    work();
    heap.free(job);
    heap.free(node);
  });
}

/** Returns the properties in which the tables of a keyspace differ from others. */
function kindOf({ keys }: ServerVersion, metadata: number): Partial<TableKind> {
  return keys.isKvstore ? { metadata, isOnDemand: true, isListedWhenMoving: true } : {};
}

/** Whether a loaded key keeps the string that was read for its name. */
export function keepsLoadedName({ keys }: ServerVersion): boolean {
  return keys.name === 'before' || keys.name === 'after';
}

function entryBytes({ keys, sizes }: ServerVersion, isCluster: boolean): number {
  if (keys.bareEntries) return sizes.setEntry;
  return isCluster && keys.clusterEntry > 0 ? keys.clusterEntry : sizes.dictEntry;
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
