import { hashOf, Queue } from '../../base/index.js';
import { SCAN_BEGINS_KEY, SCAN_ENDS_KEY } from '../../stream/index.js';
import { StructKind, sdsBytes } from '../heap/index.js';
import {
  type Database,
  encodingOfKind,
  type HashTable,
  type KeyTables,
  OneTable,
  StringEncoding,
  ValueType,
} from '../keyspace/index.js';
import type { RedisServer } from './redis-server.js';

/** A key whose value is big: its elements are tried after the bucket that the key is in. */
interface Later {
  readonly hash: number;
  readonly name: Uint8Array;
  /** The server's list node and copy of the name. */
  readonly handles: readonly number[];
}

/** A point at which the scan may be interrupted: after a bucket of keys or a step of a big value, or after a database. */
export type Pause = 'bucket' | 'database';

/**
 * Scans all data of a server as its active defragmentation does, and writes a try for each region. The caller resumes it
 * as long as there is time: `spentNs` is what a server needs for the scan so far.
 */
export class DefragScan {
  spentNs = 0;
  readonly #server: RedisServer;
  readonly #later = new Queue<Later>();
  #laterList = 0;
  readonly #own: number[] = [];
  /** The regions of the current key. */
  readonly #tried: number[] = [];
  readonly #note = (handle: number) => {
    this.#tried.push(handle);
  };
  readonly #tryOne = (handle: number) => {
    this.#try(handle, 0, 0);
  };

  constructor(server: RedisServer) {
    this.#server = server;
  }

  /** Scans everything once. */
  *pass(): Generator<Pause, void> {
    const { databases, scripts, version } = this.#server;
    const { passAllocations, databaseAllocations } = version.defrag;
    const existing = databases.filter((_, number) => this.#server.isOpen(number));
    this.#allocate(passAllocations);
    for (const _ of existing) this.#allocate(databaseAllocations);
    for (const database of existing) {
      yield* this.#database(database);
      yield 'database';
    }
    scripts.defragment(this.#tryOne);
  }

  /** Frees what the scan has allocated, also if it was not at its end. */
  end(): void {
    const { heap } = this.#server;
    for (const { handles } of this.#later.all()) for (const handle of handles) heap.defragFree(handle);
    this.#later.clear();
    for (const handle of this.#own.splice(0)) heap.defragFree(handle);
    this.#laterList = 0;
  }

  *#database(database: Database): Generator<Pause, void> {
    const { keyTables, expiresEntries } = this.#server.version.defrag;
    const isTogether = keyTables === 'with those of expires';
    if (isTogether) {
      this.#frames(database.keys);
      this.#frames(database.expires);
    }
    if (keyTables === 'before the scan') this.#frames(database.keys);
    yield* this.#keys(database);
    if (expiresEntries !== 'by a scan') return;
    if (keyTables === 'before the scan') this.#frames(database.expires);
    yield* this.#expires(database);
  }

  #frames(tables: KeyTables): void {
    for (const table of tables.tables()) table.tryFrame(this.#tryOne);
  }

  *#keys(database: Database): Generator<Pause, void> {
    const { keys } = database;
    for (const table of keys.tables()) {
      let cursor = 0;
      do {
        cursor = table.scanBuckets(cursor, {
          elements: (rows) => this.#bucket(database, table, rows),
          child: this.#tryOne,
        });
        yield* this.#drain(database);
        yield 'bucket';
        // A flushed or exchanged database has other tables.
        if (database.keys !== keys) return;
      } while (cursor !== 0);
    }
  }

  *#expires(database: Database): Generator<Pause, void> {
    const { expires } = database;
    for (const table of expires.tables()) {
      let cursor = 0;
      do {
        cursor = table.scanBuckets(cursor, {
          elements: (rows) => {
            for (const row of rows) table.tryEntry(row, this.#tryOne);
          },
          child: this.#tryOne,
        });
        yield 'bucket';
        if (database.expires !== expires) return;
      } while (cursor !== 0);
    }
  }

  #bucket(database: Database, table: HashTable, rows: readonly number[]): void {
    for (const row of rows) table.tryEntry(row, this.#tryOne);
    for (const row of rows) this.#key(database, row);
  }

  #key(database: Database, row: number): void {
    const { keyspace, version, settings } = this.#server;
    const { textFirst, expiresEntries, keyNs, objectNs, partNs, memberNs } = version.defrag;
    const note = this.#note;
    const name = keyspace.nameHandle(row);
    if (name !== 0) note(name);
    const { expires } = database;
    const isWithKey = expiresEntries === 'with their keys' && keyspace.expiryOf(row) !== 0;
    if (isWithKey && expires instanceof OneTable) {
      expires.only.tryEntry(row, note);
    }
    const object = keyspace.object(row);
    const type = keyspace.typeOf(row);
    if (type === ValueType.string) {
      const text = encodingOfKind(keyspace.kind(row)) === StringEncoding.raw ? keyspace.payload(row) : 0;
      for (const handle of textFirst ? [text, object] : [object, text]) if (handle !== 0) note(handle);
      this.#flush(keyNs, objectNs);
      return;
    }
    if (object !== 0) note(object);
    const model = keyspace.modelOf(row);
    if (model.scanLength > settings.activeDefragMaxScanFields) {
      model.defragmentFrame(note);
      this.#postpone(row);
    } else {
      model.defragment(note);
    }
    this.#flush(keyNs, type === ValueType.sortedSet ? memberNs : partNs);
  }

  /** Writes the noted regions as those of one key. */
  #flush(firstNs: number, otherNs: number): void {
    const tried = this.#tried;
    const last = tried.length - 1;
    for (let index = 0; index <= last; index++) {
      const marks = (index === 0 ? SCAN_BEGINS_KEY : 0) | (index === last ? SCAN_ENDS_KEY : 0);
      this.#try(tried[index]!, marks, index === 0 ? firstNs : otherNs);
    }
    tried.length = 0;
  }

  #try(handle: number, marks: number, scanNs: number): void {
    this.#server.heap.defragTry(handle, marks, scanNs);
    this.spentNs += scanNs + TRY_NS;
  }

  /** Puts a key with a big value on the list for later, with a copy of its name. */
  #postpone(row: number): void {
    const { heap, keyspace, version } = this.#server;
    const name = keyspace.nameOf(row).slice();
    if (this.#laterList === 0) {
      this.#laterList = heap.defragMalloc(version.sizes.list, StructKind.backgroundJob);
      this.#own.push(this.#laterList);
    }
    const copy = heap.defragMalloc(sdsBytes(heap.sds, name.length), StructKind.backgroundJob);
    const node = heap.defragMalloc(version.sizes.listNode, StructKind.backgroundJob);
    this.#later.push({ hash: hashOf(name, 0, name.length), name, handles: [copy, node] });
  }

  /** Tries the elements of all values on the list. A key is looked up again at each step. */
  *#drain(database: Database): Generator<Pause, void> {
    const { heap, keyspace, version } = this.#server;
    const { partNs, memberNs } = version.defrag;
    for (let later = this.#later.first; later !== undefined; later = this.#later.first) {
      const { hash, name, handles } = later;
      let cursor = 0;
      do {
        const row = database.peek(hash, name, 0, name.length);
        if (row === 0 || keyspace.typeOf(row) === ValueType.string) break;
        cursor = keyspace.modelOf(row).defragmentSome(cursor, this.#note);
        const ns = keyspace.typeOf(row) === ValueType.sortedSet ? memberNs : partNs;
        this.#flush(ns, ns);
        yield 'bucket';
      } while (cursor !== 0);
      this.#later.shift();
      for (const handle of handles) heap.defragFree(handle);
    }
  }

  #allocate(sizes: readonly number[]): void {
    const { heap } = this.#server;
    for (const bytes of sizes) this.#own.push(heap.defragMalloc(bytes, StructKind.backgroundJob));
  }
}

/** Nanoseconds of a try for a scan that does not know its outcome: between a miss and a move of a small region. */
const TRY_NS = 170;
