import { DataType, type Heap, StructKind } from '../heap/index.js';
import { ChainedTable, NumberedElements, type ResizePolicy } from '../keyspace/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { Client } from './client.js';
import { type ClientIndex, WatchedIndex } from './watched-index.js';

/** One client's watch of one key. */
interface Watch {
  readonly client: Client;
  readonly database: number;
  readonly name: string;
  readonly wasExpired: boolean;
  /** Handles of the struct and of its nodes in the lists of the client and of the key. */
  readonly struct: number;
  readonly inClient: number;
  readonly inKey: number;
}

interface WatchedKey {
  readonly element: number;
  readonly list: number;
  /** The argument that became the key; `sds` is 0 if it is embedded. */
  readonly object: number;
  readonly sds: number;
  readonly watches: Watch[];
}

/** The keys of WATCH: a table for each database, and for each key a list of its clients. */
export class WatchedKeys {
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  readonly #elements = new NumberedElements('watched keys');
  readonly #tables: ChainedTable[] = [];
  readonly #newTable: () => ChainedTable;
  readonly #keys = new Map<string, WatchedKey>();
  readonly #ofClient = new Map<Client, Watch[]>();
  /** Undefined where a client looks through the list of its watched keys. */
  readonly #index: WatchedIndex | undefined;
  readonly #indexes = new Map<Client, ClientIndex>();

  constructor(heap: Heap, version: ServerVersion, databases: number, opened: number, resize: ResizePolicy) {
    this.#heap = heap;
    this.#version = version;
    const kind = { subject: DataType.server, entryBytes: version.sizes.dictEntry };
    this.#newTable = () => new ChainedTable(heap, version, this.#elements, kind, resize);
    this.#index = version.clients.indexesWatchedKeys
      ? new WatchedIndex(heap, version, databases, resize)
      : undefined;
    for (let database = 0; database < opened; database++) this.open(database);
  }

  /** Makes the table of a database. */
  open(database: number): void {
    this.#tables[database] = this.#newTable();
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  has(client: Client, database: number, name: string): boolean {
    const key = this.#keys.get(`${database}:${name}`);
    return key?.watches.some((watch) => watch.client === client) === true;
  }

  /** Adds a watch (watchForKey), which takes over the argument that names the key. Returns whether the key is new. */
  add(
    client: Client,
    database: number,
    name: string,
    hash: number,
    object: number,
    sds: number,
    wasExpired: boolean,
  ) {
    const heap = this.#heap;
    const { clients, sizes } = this.#version;
    const index = this.#indexOf(client);
    index?.find(database, hash);
    const id = `${database}:${name}`;
    let key = this.#keys.get(id);
    const isNew = key === undefined;
    if (key === undefined) {
      heap.retagString(object, sds, StructKind.watchedKey);
      const list = heap.malloc(sizes.list, StructKind.watchedKey);
      const element = this.#elements.take(hash);
      this.#tables[database]!.add(element);
      key = { element, list, object, sds, watches: [] };
      this.#keys.set(id, key);
    }
    const struct = heap.malloc(sizes.watchedKey, StructKind.watchedKey);
    const inClient = heap.malloc(sizes.listNode, StructKind.watchedKey);
    const inKey = clients.watchedKeyHasNode ? 0 : heap.malloc(sizes.listNode, StructKind.watchedKey);
    const watch = { client, database, name, wasExpired, struct, inClient, inKey };
    key.watches.push(watch);
    index?.add(database, hash);
    const own = this.#ofClient.get(client);
    if (own === undefined) this.#ofClient.set(client, [watch]);
    else own.push(watch);
    return isNew;
  }

  /** unwatchAllKeys */
  removeAllOf(client: Client): void {
    const heap = this.#heap;
    for (const watch of this.#ofClient.get(client) ?? []) {
      const id = `${watch.database}:${watch.name}`;
      const key = this.#keys.get(id)!;
      if (watch.inKey !== 0) heap.free(watch.inKey);
      key.watches.splice(key.watches.indexOf(watch), 1);
      const isLast = key.watches.length === 0;
      if (isLast) {
        const table = this.#tables[watch.database]!;
        table.step();
        table.unlink(key.element);
        heap.free(key.list);
        table.freeEntry(key.element);
        this.#elements.give(key.element);
        this.#keys.delete(id);
      }
      heap.free(watch.inClient);
      if (isLast) {
        if (key.sds !== 0) heap.free(key.sds);
        heap.free(key.object);
      }
      heap.free(watch.struct);
    }
    if (this.#ofClient.delete(client)) this.#indexes.get(client)?.empty();
  }

  /** Removes the watches of a client that ends, and its tables. */
  forget(client: Client): void {
    this.removeAllOf(client);
    this.#indexes.get(client)?.free();
    this.#indexes.delete(client);
  }

  #indexOf(client: Client): ClientIndex | undefined {
    let index = this.#indexes.get(client);
    if (index === undefined && this.#index !== undefined) {
      index = this.#index.ofClient();
      this.#indexes.set(client, index);
    }
    return index;
  }

  watchesOf(
    client: Client,
  ): readonly { readonly database: number; readonly name: string; readonly wasExpired: boolean }[] {
    return this.#ofClient.get(client) ?? [];
  }

  /** Marks the transactions of the clients that watch a key as stale, because the key has changed. */
  touch(database: number, name: string): void {
    const key = this.#keys.get(`${database}:${name}`);
    for (const { client } of key?.watches ?? []) client.transaction.isStale = true;
  }

  /** Marks the transactions of all clients that watch a key, because a database was emptied or swapped. */
  touchAll(): void {
    for (const { watches } of this.#keys.values()) {
      for (const { client } of watches) client.transaction.isStale = true;
    }
  }
}
