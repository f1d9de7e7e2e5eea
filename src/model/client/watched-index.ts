import { DataType, type Heap, StructKind } from '../heap/index.js';
import { type HashTable, newTable, type ResizePolicy, TableElements } from '../keyspace/index.js';
import type { ServerVersion } from '../versions/index.js';

/** The tables of all clients that look up their watched keys in tables of their own. */
export class WatchedIndex {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #databases: number;
  readonly #resize: ResizePolicy;
  readonly #elements = new TableElements();
  #elementCount = 0;

  constructor(heap: Heap, version: ServerVersion, databases: number, resize: ResizePolicy) {
    this.#heap = heap;
    this.#version = version;
    this.#databases = databases;
    this.#resize = resize;
  }

  /** Makes the array of a client's tables, one for each database. */
  ofClient(): ClientIndex {
    const bytes = this.#databases * this.#version.sizes.pointer;
    return new ClientIndex(this.#heap, bytes, () =>
      newTable(this.#heap, this.#version, this.#elements, KIND, this.#resize),
    );
  }

  element(hash: number): number {
    const element = ++this.#elementCount;
    this.#elements.reach(element);
    this.#elements.setHash(element, hash);
    return element;
  }
}

const KIND = { subject: DataType.server, entryBytes: 0 };

/** The tables of one client, which keep their structs until the client's end. */
export class ClientIndex {
  readonly #heap: Heap;
  readonly #array: number;
  readonly #newTable: () => HashTable;
  readonly #tables = new Map<number, HashTable>();

  constructor(heap: Heap, bytes: number, makeTable: () => HashTable) {
    this.#heap = heap;
    this.#array = heap.calloc(bytes, StructKind.watchedKey);
    this.#newTable = makeTable;
  }

  /** Returns the table of a database, which is made when it is first needed. */
  table(database: number): HashTable {
    let table = this.#tables.get(database);
    if (table === undefined) {
      table = this.#newTable();
      this.#tables.set(database, table);
    }
    return table;
  }

  empty(): void {
    for (const table of this.#tables.values()) table.empty(() => {});
  }

  free(): void {
    for (const table of this.#tables.values()) table.free(() => {});
    this.#heap.free(this.#array);
  }
}
