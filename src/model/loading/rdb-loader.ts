import { hashOf } from '../../base/index.js';
import type { RdbAux, RdbEntry, RdbEvent, RdbFunction, RdbResize } from '../../input/index.js';
import { embeddedStringBytes, StructKind, sdsBytes } from '../heap/index.js';
import { keepsLoadedName } from '../keyspace/index.js';
import type { RedisServer } from '../server/index.js';
import { loadValue, rememberText } from './load-values.js';
import { LoadContext } from './loading-context.js';
import { PackedValues } from './packed-values.js';

export interface RdbLoaderOptions {
  /** Whether keys that have expired are kept. The commands after an AOF's base rely on them; an RDB file's are dropped. */
  readonly keepsExpired: boolean;
  /** Makes the error for data that a server refuses to load, with its place. */
  readonly refuse: (found: string) => Error;
}

/** Counts of what was loaded, dropped or changed on the way. */
export interface LoadCounts {
  keys: number;
  expired: number;
  /** Fields of hashes with expiring fields, which the version does not have: their expiries are dropped. */
  expiringFields: number;
  libraries: number;
  /** The newest version of the images. */
  rdbVersion: number;
}

/**
 * Makes a server's keys from an RDB image (rdb.c: rdbLoadRio), in the order of the server's allocations. Access times are
 * dropped, because no eviction policy can be set before the load.
 */
export class RdbLoader {
  readonly counts: LoadCounts = { keys: 0, expired: 0, expiringFields: 0, libraries: 0, rdbVersion: 0 };
  readonly #server: RedisServer;
  readonly #options: RdbLoaderOptions;
  readonly #context: LoadContext;

  constructor(server: RedisServer, options: RdbLoaderOptions) {
    this.#server = server;
    this.#options = options;
    const { refuse, keepsExpired } = options;
    const packed = PackedValues.of(server.values, server.keyspace.models);
    this.#context = new LoadContext(server.values, server.epochMs, refuse, keepsExpired, packed);
  }

  take(event: RdbEvent): void {
    switch (event.kind) {
      case 'rdb-start':
        this.counts.rdbVersion = Math.max(this.counts.rdbVersion, event.version);
        break;
      case 'rdb-aux':
        this.#aux(event);
        break;
      case 'rdb-resize':
        this.#resize(event);
        break;
      case 'rdb-function':
        this.#library(event);
        break;
      case 'rdb-entry':
        this.#entry(event);
        break;
      default:
      // The end and the sizes of slots change nothing.
    }
  }

  /** Reads name and value as objects, and frees both. */
  #aux({ name, value }: RdbAux): void {
    const { heap } = this.#server;
    const handles = [name, value].map(({ length }) => this.#temporary(length));
    for (const handle of handles.flat()) heap.free(handle);
  }

  #temporary(length: number): number[] {
    const { heap, version } = this.#server;
    if (length <= version.strings.embeddedLimit) {
      return [
        heap.malloc(embeddedStringBytes(version.sizes.embeddedObjectHead, length), StructKind.temporary),
      ];
    }
    return [
      heap.malloc(sdsBytes(heap.sds, length), StructKind.temporary),
      heap.malloc(version.sizes.object, StructKind.temporary),
    ];
  }

  #resize({ database, keys, expires }: RdbResize): void {
    const { keys: main, expires: expiring } = this.#database(database);
    main.presize(keys);
    expiring.presize(expires);
  }

  /** Keeps the source of a function library. Lua's memory for it is not modelled. */
  #library({ code }: RdbFunction): void {
    const { heap } = this.#server;
    const read = this.#context.sds(code, StructKind.temporary);
    heap.malloc(sdsBytes(heap.sds, code.length), StructKind.script);
    heap.free(read);
    this.counts.libraries++;
  }

  #entry({ database: number, key, expireAtMs, value }: RdbEntry): void {
    const server = this.#server;
    const database = this.#database(number);
    if (value.kind === 'module') return;
    const handle = this.#context.sds(key, StructKind.keyName);
    const { bytes, start, length } = key;
    const hash = hashOf(bytes, start, length);
    server.heap.accounts?.attribution?.aimAtName(hash, bytes, start, length);
    if (value.kind === 'hash' && value.fieldsExpire && server.version.containers.fieldExpiry === 'none') {
      this.counts.expiringFields += value.elements.count;
    }
    const loaded = loadValue(this.#context, server.keyspace.models, value);
    if (loaded === undefined) {
      server.heap.free(handle);
      return;
    }
    const expiresMs = expireAtMs === undefined ? undefined : expireAtMs - server.epochMs;
    const isExpired = expiresMs !== undefined && expiresMs < server.nowMs && !this.#options.keepsExpired;
    const { models } = server.keyspace;
    // Only fields that have expired are dropped.
    const isEmpty = value.kind === 'hash' && value.fieldsExpire && models.at(loaded.payload).size === 0;
    if (isExpired || isEmpty) {
      this.counts.expired++;
      server.heap.free(handle);
      server.keyspace.releaseValue(loaded.kind, loaded.object, loaded.payload);
      return;
    }
    if (database.peek(hash, bytes, start, length) !== 0) throw this.#options.refuse('the key is there twice');
    const row = database.load(hash, { bytes, start, length, handle }, loaded, expiresMs !== undefined);
    if (value.kind === 'string') rememberText(server.keyspace, row, value.value);
    if (value.kind === 'hash') database.timedHashes.loaded(row);
    if (expiresMs !== undefined) database.setExpiry(row, expiresMs);
    if (!keepsLoadedName(server.version)) server.heap.free(handle);
    this.counts.keys++;
  }

  #database(number: number) {
    const { databases } = this.#server;
    const database = databases[number];
    if (database !== undefined) {
      this.#server.openDatabase(number);
      return database;
    }
    throw this.#options.refuse(`database ${number}, of a server that has ${databases.length}`);
  }
}
