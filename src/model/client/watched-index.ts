import { DataType, type Heap, StructKind } from '../heap/index.js';
import { type HashTable, NumberedElements, newTable, type ResizePolicy } from '../keyspace/index.js';
import type { ServerVersion } from '../versions/index.js';

/** The tables of all clients that look up their watched keys in tables of their own. */
export class WatchedIndex {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #databases: number;
  readonly #resize: ResizePolicy;
  readonly #elements = new NumberedElements('watched keys of clients');

  constructor(heap: Heap, version: ServerVersion, databases: number, resize: ResizePolicy) {
    this.#heap = heap;
    this.#version = version;
    this.#databases = databases;
    this.#resize = resize;
  }

  /** Makes the array of a client's tables, one for each database. */
  ofClient(): ClientIndex {
    const bytes = this.#databases * this.#version.sizes.pointer;
    return new ClientIndex(this.#heap, bytes, this.#elements, () =>
      newTable(this.#heap, this.#version, this.#elements, KIND, this.#resize),
    );
  }
}

const KIND = { subject: DataType.server, entryBytes: 0 };

/** The tables of one client, which keep their structs until the client's end. */
export class ClientIndex {
  readonly #heap: Heap;
  readonly #array: number;
  readonly #elements: NumberedElements;
  readonly #newTable: () => HashTable;
  readonly #tables = new Map<number, HashTable>();

  constructor(heap: Heap, bytes: number, elements: NumberedElements, makeTable: () => HashTable) {
    this.#heap = heap;
    this.#array = heap.calloc(bytes, StructKind.watchedKey);
    this.#elements = elements;
    this.#newTable = makeTable;
  }

  /** Looks up the hash of a name, as before each WATCH. */
  find(database: number, hash: number): void {
    this.#table(database).find(hash);
  }

  add(database: number, hash: number): void {
    this.#table(database).add(this.#elements.take(hash));
  }

  /** Returns the table of a database, which is made when it is first needed. */
  #table(database: number): HashTable {
    let table = this.#tables.get(database);
    if (table === undefined) {
      table = this.#newTable();
      this.#tables.set(database, table);
    }
    return table;
  }

  empty(): void {
    for (const table of this.#tables.values()) table.empty(this.#elements.give);
  }

  free(): void {
    for (const table of this.#tables.values()) table.free(this.#elements.give);
    this.#heap.free(this.#array);
  }
}
