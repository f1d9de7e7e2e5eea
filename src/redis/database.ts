import { HashTable, type ResizePolicy, type TableKind } from './hash-table.js';
import type { Heap } from './heap.js';
import type { Keyspace } from './keyspace.js';
import { Owner } from './owners.js';
import { growableSdsBytes, sdsBytes } from './sds.js';
import type { ServerVersion } from './servers.js';
import type { Settings } from './settings.js';
import { typeOfKind, type Value } from './string-value.js';
import { ValueType } from './value-model.js';

/** Values that take more than this many frees go to the background thread, where that is asked for. */
const BACKGROUND_EFFORT = 64;

/** What a database needs of the server around it. */
export interface DatabaseContext {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  readonly resize: ResizePolicy;
  readonly isCluster: boolean;
  readonly nowMs: number;
  /** Would a bucket array of so many bytes keep used_memory within maxmemory? */
  readonly mayExpand: (bytes: number) => boolean;
}

/** A key's name as it was read, and the string made for it. */
export interface LoadedKey {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
  readonly handle: number;
}

/** One database: the table of its keys and the table of those that expire. Keys are rows of the keyspace. */
export class Database {
  readonly #context: DatabaseContext;
  keys: HashTable;
  expires: HashTable;

  constructor(context: DatabaseContext) {
    this.#context = context;
    this.keys = this.#newTable();
    this.expires = this.#newExpires();
  }

  get size(): number {
    return this.keys.used;
  }

  /** Is the row's key in this database? */
  holds(row: number): boolean {
    const hash = this.#context.keyspace.hash(row);
    let found = this.keys.peek(hash);
    while (found !== 0 && found !== row) found = this.keys.findNext(found, hash);
    return found !== 0;
  }

  /** dictFind among the keys; 0: none. */
  find(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const { keys } = this;
    const { keyspace } = this.#context;
    let row = keys.find(hash);
    while (row !== 0 && !keyspace.hasName(row, bytes, from, length)) row = keys.findNext(row, hash);
    return row;
  }

  /** As find, but moves nothing. */
  peek(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const { keys } = this;
    const { keyspace } = this.#context;
    let row = keys.peek(hash);
    while (row !== 0 && !keyspace.hasName(row, bytes, from, length)) row = keys.findNext(row, hash);
    return row;
  }

  /** dbAdd: the key is not there yet. The value's allocations exist already. */
  add(hash: number, bytes: Uint8Array, from: number, length: number, value: Value): number {
    const { heap, keyspace, version, isCluster, settings } = this.#context;
    const { keys } = this;
    const { keyPolicy } = version;
    const row = keyspace.newRow(hash, bytes, from, length);
    if (keyPolicy.name === 'before') {
      keyspace.setNameHandle(row, heap.malloc(sdsBytes(length), Owner.keyName));
    }
    keys.makeReady();
    keys.insert(
      row,
      keyPolicy.name === 'embedded' ? embeddedEntry(length, version) : entryBytes(version, isCluster),
    );
    if (keyPolicy.name === 'after') {
      keyspace.setNameHandle(row, heap.malloc(sdsBytes(length), Owner.keyName));
    }
    keyspace.setValue(row, value);
    if (settings.tracksAccess) keyspace.startAccess(row, this.#context.nowMs, settings.usesFrequency);
    return row;
  }

  /** dbAddRDBLoad: the name's string exists already; the key keeps it, unless its entry has a copy. */
  load(hash: number, key: LoadedKey, value: Value): number {
    const { keyspace, version, isCluster } = this.#context;
    const { bytes, start, length, handle } = key;
    const { keys } = this;
    const row = keyspace.newRow(hash, bytes, start, length);
    keys.makeReady();
    if (version.keyPolicy.name === 'embedded') {
      keys.insert(row, EMBEDDED_ENTRY + sdsBytes(length));
    } else {
      keys.insert(row, entryBytes(version, isCluster));
      keyspace.setNameHandle(row, handle);
    }
    keyspace.setValue(row, value);
    return row;
  }

  /** dbOverwrite: the new value is there before the old one goes. The expiry stays. */
  overwrite(row: number, value: Value): void {
    const { keyspace, settings } = this.#context;
    this.keys.step();
    const kind = keyspace.kind(row);
    const object = keyspace.object(row);
    const payload = keyspace.payload(row);
    keyspace.setValue(row, value);
    this.#release(kind, object, payload, settings.lazyfreeLazyServerDel);
  }

  /** dbSyncDelete, or dbAsyncDelete if `lazily`: expires entry, name, value, entry. */
  delete(row: number, lazily: boolean): void {
    const { heap, keyspace, version } = this.#context;
    const kind = keyspace.kind(row);
    const object = keyspace.object(row);
    const payload = keyspace.payload(row);
    const isBackground = lazily && this.#isForBackground(kind, payload);
    this.keys.step();
    if (version.generation === 70) {
      this.#dropExpiry(row);
      if (isBackground) this.#release(kind, object, payload, true);
    } else {
      if (isBackground) this.#release(kind, object, payload, true);
      this.#dropExpiry(row);
    }
    this.keys.unlink(row);
    if (keyspace.nameHandle(row) !== 0) heap.free(keyspace.nameHandle(row));
    if (!isBackground) keyspace.releaseValue(kind, object, payload);
    this.keys.freeEntry(row);
    this.keys.shrinkIfNeeded();
    keyspace.giveRow(row);
  }

  /** As delete, of a key whose value lives on under another name. */
  deleteWithoutValue(row: number): void {
    const { heap, keyspace } = this.#context;
    this.keys.step();
    this.#dropExpiry(row);
    this.keys.unlink(row);
    if (keyspace.nameHandle(row) !== 0) heap.free(keyspace.nameHandle(row));
    this.keys.freeEntry(row);
    this.keys.shrinkIfNeeded();
    keyspace.giveRow(row);
  }

  /** FLUSHDB: at once, or by putting new tables in place and freeing the old ones in the background. */
  flush(isAsynchronous: boolean): number {
    const { heap, version } = this.#context;
    const { keys, expires } = this;
    const removed = keys.used;
    if (isAsynchronous) {
      this.keys = this.#newTable();
      this.expires = this.#newExpires();
      inLazyFreeThread(heap, version, 2, () => {
        keys.free((row) => this.#freeKey(row));
        expires.free(noKey);
      });
    } else {
      keys.empty((row) => this.#freeKey(row));
      expires.empty(noKey);
    }
    return removed;
  }

  /** Name and value; the entry is freed next. */
  #freeKey(row: number): void {
    const { heap, keyspace } = this.#context;
    if (keyspace.nameHandle(row) !== 0) heap.free(keyspace.nameHandle(row));
    keyspace.releaseValue(keyspace.kind(row), keyspace.object(row), keyspace.payload(row));
    keyspace.giveRow(row);
  }

  /** SWAPDB: the tables change places. */
  swapWith(other: Database): void {
    const { keys, expires } = this;
    this.keys = other.keys;
    this.expires = other.expires;
    other.keys = keys;
    other.expires = expires;
  }

  /** Asking when a key expires looks it up among the expires, and if it is there, once more among the keys. */
  stepForExpiry(expires: boolean): void {
    if (this.expires.used === 0) return;
    this.expires.step();
    if (expires) this.keys.step();
  }

  /** setExpire at a virtual time. */
  setExpiry(row: number, atMs: number): void {
    const { keyspace } = this.#context;
    this.keys.step();
    const isNew = keyspace.expiryOf(row) === 0;
    // A time of 0 would read as none.
    keyspace.setExpiry(row, atMs === 0 ? Number.MIN_VALUE : atMs);
    this.expires.makeReady();
    if (isNew) this.expires.insert(row);
  }

  /** removeExpire; false if the key had none. */
  removeExpiry(row: number): boolean {
    // 7.0 asserts that the key exists, and looking it up moves a bucket.
    if (this.#context.version.generation === 70) this.keys.step();
    return this.#dropExpiry(row);
  }

  #dropExpiry(row: number): boolean {
    const { keyspace } = this.#context;
    if (this.expires.used === 0) return false;
    this.expires.step();
    if (keyspace.expiryOf(row) === 0) return false;
    this.expires.unlink(row);
    this.expires.freeEntry(row);
    this.expires.shrinkIfNeeded();
    keyspace.setExpiry(row, 0);
    return true;
  }

  #isForBackground(kind: number, payload: number): boolean {
    if (typeOfKind(kind) === ValueType.string) return false;
    return this.#context.keyspace.models.at(payload).freeEffort > BACKGROUND_EFFORT;
  }

  /** decrRefCount, or freeObjAsync if `lazily`. */
  #release(kind: number, object: number, payload: number, lazily: boolean): void {
    const { heap, keyspace, version } = this.#context;
    if (!lazily || !this.#isForBackground(kind, payload)) {
      keyspace.releaseValue(kind, object, payload);
      return;
    }
    inLazyFreeThread(heap, version, 1, () => keyspace.releaseValue(kind, object, payload));
  }

  #newTable(): HashTable {
    const { heap, version, keyspace, resize, isCluster, mayExpand } = this.#context;
    const kind: TableKind = { ...kindOf(version), entryBytes: entryBytes(version, isCluster), mayExpand };
    return new HashTable(heap, version, keyspace.main, kind, resize);
  }

  #newExpires(): HashTable {
    const { heap, version, keyspace, resize, mayExpand } = this.#context;
    const kind: TableKind = { ...kindOf(version), entryBytes: version.dictEntry, mayExpand };
    return new HashTable(heap, version, keyspace.expires, kind, resize);
  }
}

/** Keys of the expires table belong to the other one. */
function noKey(): void {}

/** A job for the background thread: the job and its place in the list of jobs, both freed by that thread. */
export function inLazyFreeThread(
  heap: Heap,
  version: ServerVersion,
  argumentCount: number,
  work: () => void,
): void {
  const job = heap.malloc(version.lazyFreeJob + (argumentCount - 1) * version.pointer, Owner.backgroundJob);
  const node = heap.malloc(version.listNode, Owner.backgroundJob);
  heap.inBackground(() => {
    work();
    heap.free(job);
    heap.free(node);
  });
}

/** How the tables of a keyspace differ from others. */
function kindOf({ keyPolicy }: ServerVersion): Partial<TableKind> {
  if (!keyPolicy.isKvstore) return {};
  return { metadata: keyPolicy.dictMetadata, isOnDemand: true, isListedWhenMoving: true };
}

function entryBytes({ keyPolicy, dictEntry }: ServerVersion, isCluster: boolean): number {
  return isCluster && keyPolicy.clusterEntry > 0 ? keyPolicy.clusterEntry : dictEntry;
}

/** Value, next, and the size of the sds header, before the name. */
const EMBEDDED_ENTRY = 17;

/**
 * Value, next, the size of the sds header, and the sds as it lies in the argument that brings it (dict.c:
 * createEmbeddedEntry): embedded in an object, it has a header that could grow.
 */
function embeddedEntry(nameLength: number, { embeddedStringLimit }: ServerVersion): number {
  return (
    EMBEDDED_ENTRY + (nameLength <= embeddedStringLimit ? growableSdsBytes(nameLength) : sdsBytes(nameLength))
  );
}
