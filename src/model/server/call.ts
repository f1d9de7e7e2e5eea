import { hashOf, parseDouble, parseInteger, parseInteger64, type Random } from '../../base/index.js';
import {
  argumentText,
  type Command,
  type CommandInfo,
  emptyCommand,
  type RequestWords,
} from '../../commands/index.js';
import type { Arguments, Client, Connections, Reply, WatchedKeys } from '../client/index.js';
import { type Attribution, type Heap, StructKind } from '../heap/index.js';
import {
  type Database,
  type Keyspace,
  type ResizePolicy,
  StringEncoding,
  stringKind,
  Value,
  type ValueModel,
  ValueType,
} from '../keyspace/index.js';
import type { Settings } from '../settings/index.js';
import type { ValueContext } from '../values/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { ChildProcess } from './child-process.js';
import type { CommandStatistics } from './command-statistics.js';
import type { CommandSpec } from './command-table.js';
import { copyString } from './copy-string.js';
import type { DecisionLog } from './model-decisions.js';
import type { Replication } from './replication.js';
import type { Scripts } from './scripts.js';
import type { UnknownCommands } from './unknown-commands.js';

/** What a call needs of the server: one for all commands. */
export interface CallServer {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  readonly random: Random;
  readonly resize: ResizePolicy;
  /** What the containers of all keys share. */
  readonly values: ValueContext;
  readonly databases: readonly Database[];
  readonly isCluster: boolean;
  /** Virtual time. */
  readonly nowMs: number;
  /** What virtual time 0 is in milliseconds since 1970: absolute expiry times count from there. */
  readonly epochMs: number;
  unfinished: Iterator<void> | undefined;
  /** Where to note what is decided for the command that is being carried out; undefined: nobody asks. */
  readonly decisions: DecisionLog | undefined;
  /** While a file is loaded, nothing expires: what did is deleted by the commands that follow, or afterwards. */
  readonly isLoading: boolean;
  readonly watched: WatchedKeys;
  readonly scripts: Scripts;
  readonly connections: Connections;
  readonly unknown: UnknownCommands;
  readonly child: ChildProcess;
  /** undefined: no replica is attached. */
  readonly replication: Replication | undefined;
  readonly statistics: CommandStatistics;
  /** Not of the client whose command it is: that one goes when it is answered (`isClosing`). */
  freeClient(client: Client): void;
  hasExpiredWatch(client: Client): boolean;
  /** Keeps the command that is under way until `isReady`, or a virtual time. False where that must not be. */
  block(call: Call, isReady: () => boolean, untilMs: number): boolean;
  /** Carries out a command that waited for EXEC. */
  callQueued(info: CommandInfo, command: Command, client: Client, args: Arguments): void;
}

/** No hash is negative. */
export const UNKNOWN_HASH = -1;

export class Call implements RequestWords {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  /** Seeded: the server's own chance, such as skiplist levels and samples. */
  readonly random: Random;
  /** To make hash tables with. */
  readonly resize: ResizePolicy;
  readonly server: CallServer;
  readonly values: ValueContext;
  command: Command = emptyCommand();
  spec!: CommandSpec;
  args!: Arguments;
  client!: Client;
  reply!: Reply;
  /** The database that the client has selected. */
  db!: Database;
  /** Changes made, as the server counts them. */
  dirty = 0;
  /** A register to build values in. */
  readonly value = new Value();
  readonly #origins: Attribution | undefined;
  /** An argument behind the key whose hash is known already; -1: none. */
  memberIndex = -1;
  memberHash = UNKNOWN_HASH;
  #hashed = -1;
  #hash = 0;

  constructor(server: CallServer) {
    this.server = server;
    this.heap = server.heap;
    this.#origins = server.heap.accounts?.attribution;
    this.version = server.version;
    this.settings = server.settings;
    this.keyspace = server.keyspace;
    this.random = server.random;
    this.resize = server.resize;
    this.values = server.values;
  }

  get nowMs(): number {
    return this.server.nowMs;
  }

  /** Is a key that expires then gone? */
  isExpired(atMs: number): boolean {
    return atMs < this.nowMs && !this.server.isLoading;
  }

  /** checkAlreadyExpired: is a time of expiry that a command gives over already? */
  isInThePast(atMs: number): boolean {
    return atMs <= this.nowMs && !this.server.isLoading;
  }

  /** A virtual time as milliseconds since 1970, as a server writes it in what it propagates. */
  epochMs(atMs: number): number {
    return this.server.epochMs + atMs;
  }

  get name(): string {
    return this.spec.name;
  }

  get count(): number {
    return this.command.argumentCount;
  }

  length(index: number): number {
    return this.command.length[index]!;
  }

  /** A character for each byte. */
  text(index: number): string {
    return argumentText(this.command, index);
  }

  /** Is argument i this word, in whatever case? `word` in upper case. */
  is(index: number, word: string): boolean {
    const { bytes, start, length } = this.command;
    if (length[index] !== word.length) return false;
    const from = start[index]!;
    for (let at = 0; at < word.length; at++) {
      const byte = bytes[from + at]!;
      const upper = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
      if (upper !== word.charCodeAt(at)) return false;
    }
    return true;
  }

  /** A whole number as string2ll takes it, as far as a double is exact (2^53); undefined if it is none. */
  exactInteger(index: number): number | undefined {
    const { bytes, start, length } = this.command;
    return parseInteger(bytes, start[index]!, length[index]!);
  }

  /** As exactInteger, but beyond 2^53 the nearest number: for positions, counts and times. */
  integer(index: number): number | undefined {
    const exact = this.exactInteger(index);
    if (exact !== undefined || this.length(index) < 16) return exact;
    const value = parseInteger64(this.text(index));
    return value === undefined ? undefined : Number(value);
  }

  float(index: number): number | undefined {
    return parseDouble(this.text(index));
  }

  /** Asked for again when a key that was looked up is added. */
  hash(index: number): number {
    if (index === this.#hashed) return this.#hash;
    const { bytes, start, length } = this.command;
    this.#hash = hashOf(bytes, start[index]!, length[index]!);
    this.#hashed = index;
    return this.#hash;
  }

  /** The command is another one now, whose argument 1 may have been hashed. */
  forgetHash(keyHash: number, member = -1, memberHash = UNKNOWN_HASH): void {
    this.memberIndex = member;
    this.memberHash = memberHash;
    this.#hash = keyHash;
    this.#hashed = keyHash === UNKNOWN_HASH ? -1 : 1;
  }

  // Databases

  /** Number of the selected database. */
  get database(): number {
    return this.client.database;
  }

  databaseAt(number: number): Database {
    return this.server.databases[number]!;
  }

  select(number: number): void {
    this.client.database = number;
    this.db = this.databaseAt(number);
  }

  // Keys

  /** lookupKeyRead: the row, or 0. */
  lookupRead(index: number): number {
    return this.#lookup(index);
  }

  /** lookupKeyRead of a name that is no argument. */
  lookupName(name: Uint8Array): number {
    return this.#find(hashOf(name, 0, name.length), name, 0, name.length);
  }

  /** lookupKeyWrite: the row, or 0. */
  lookupWrite(index: number): number {
    return this.#lookup(index);
  }

  /** lookupKeyWrite in another database. */
  lookupIn(database: number, index: number): number {
    const selected = this.db;
    this.db = this.databaseAt(database);
    const row = this.#lookup(index);
    this.db = selected;
    return row;
  }

  /** expireIfNeeded and then the key as it is: what DEL does, which looks nothing else up. */
  unexpired(index: number): number {
    const row = this.peek(index);
    const { bytes, start, length } = this.command;
    if (row === 0) {
      if (this.#asksForExpiry()) {
        this.db.stepForNone(this.hash(index), bytes, start[index]!, length[index]!);
      }
      return 0;
    }
    if (this.#asksForExpiry()) this.db.stepForExpiry(row);
    const expiry = this.keyspace.expiryOf(row);
    if (expiry === 0 || !this.isExpired(expiry)) return row;
    this.#replicateExpiry(row);
    this.db.delete(row, this.settings.lazyfreeLazyExpire);
    return 0;
  }

  /**
   * The client waits until `isReady` says that the command would find something; it is then carried out anew. After
   * `seconds` (0: never) it is answered as if it had found nothing: `nothing` says so, at once where waiting is not
   * allowed.
   */
  waitFor(isReady: () => boolean, seconds: number, nothing: () => void): void {
    const untilMs = seconds === 0 ? Infinity : this.nowMs + seconds * 1000;
    if (!this.server.block(this, isReady, untilMs)) nothing();
  }

  /** The command goes on in steps, because it is too much for one; it ends with the last of them. */
  continueWith(steps: Iterator<void>): void {
    this.server.unfinished = steps;
  }

  /** The row without any side effect, or 0. */
  peek(index: number): number {
    const { bytes, start, length } = this.command;
    return this.db.peek(this.hash(index), bytes, start[index]!, length[index]!);
  }

  typeOf(row: number): ValueType {
    return this.keyspace.typeOf(row);
  }

  modelOf(row: number): ValueModel {
    return this.keyspace.modelOf(row);
  }

  replaceModel(row: number, model: ValueModel): void {
    this.keyspace.models.replace(this.keyspace.payload(row), model);
  }

  /** A copy of a row's value, which belongs to nobody yet, in `value`: contents first, then the object. */
  copyValue(row: number): Value {
    const { keyspace } = this;
    if (keyspace.typeOf(row) === ValueType.string) return copyString(this, row);
    const model = keyspace.modelOf(row).copy(this.heap);
    return this.#modelValue(this.newObject(), model);
  }

  /** createObject: an robj. */
  newObject(): number {
    return this.heap.malloc(this.version.sizes.object, StructKind.valueObject);
  }

  /** dbAdd of a value that is no string under the name that argument `index` is; the key must not exist. */
  add(index: number, object: number, model: ValueModel): number {
    return this.addValue(index, this.#modelValue(object, model));
  }

  /** setKey of a value that is no string: adds or overwrites, and drops the expiry. */
  setKey(index: number, object: number, model: ValueModel): number {
    return this.setValue(index, this.#modelValue(object, model), false);
  }

  /** dbAdd. */
  addValue(index: number, value: Value): number {
    const { bytes, start, length } = this.command;
    return this.db.add(this.hash(index), bytes, start[index]!, length[index]!, value);
  }

  /** setKey: looks the key up, adds or overwrites. */
  setValue(index: number, value: Value, keepsExpiry: boolean): number {
    const row = this.lookupWrite(index);
    if (row === 0) {
      const added = this.addValue(index, value);
      if (!keepsExpiry) this.db.removeExpiry(added);
      return added;
    }
    this.db.overwrite(row, value);
    if (!keepsExpiry) this.db.removeExpiry(row);
    return row;
  }

  /**
   * A command holds on to the value of a row that it may be about to overwrite: the row is left with nothing that would
   * be freed. Returns what frees the value, for the end of the command.
   */
  detachValue(row: number): () => void {
    const { keyspace } = this;
    const kind = keyspace.kind(row);
    const object = keyspace.object(row);
    const payload = keyspace.payload(row);
    keyspace.recallBirth(row);
    keyspace.setValue(row, this.value.set(stringKind(StringEncoding.sharedInteger), 0, 0, 0));
    return () => keyspace.releaseValue(kind, object, payload);
  }

  /** dbDelete, as a command does that has taken the last element out. */
  deleteKey(row: number): void {
    this.db.delete(row, this.settings.lazyfreeLazyServerDel);
  }

  #modelValue(object: number, model: ValueModel): Value {
    return this.value.set(model.type, object, this.keyspace.models.add(model), 0);
  }

  /**
   * What is allocated from here on is for the key that argument `index` names: for a handler that makes a value before
   * it looks up where it goes, or that changes a key other than the one it looked up last.
   */
  aimAt(index: number): void {
    if (this.#origins === undefined) return;
    const { bytes, start, length } = this.command;
    this.#origins.aimAtName(this.hash(index), bytes, start[index]!, length[index]!);
  }

  /** Whether a lookup reads the expires table (keyIsExpired). */
  #asksForExpiry(): boolean {
    return !this.server.isLoading || this.version.keys.looksUpExpiryWhileLoading;
  }

  #replicateExpiry(row: number): void {
    const { replication, databases } = this.server;
    if (replication === undefined) return;
    const isLazy = this.settings.lazyfreeLazyExpire;
    replication.deleted(databases.indexOf(this.db), this.keyspace.nameLength(row), isLazy);
  }

  #lookup(index: number): number {
    const { bytes, start, length } = this.command;
    return this.#find(this.hash(index), bytes, start[index]!, length[index]!);
  }

  #find(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const { db, keyspace } = this;
    const row = db.find(hash, bytes, from, length);
    const origins = this.#origins;
    if (origins !== undefined) {
      if (row === 0) origins.aimAtName(hash, bytes, from, length);
      else origins.pattern = keyspace.patternOf(row);
    }
    if (row === 0) return 0;
    const expiry = keyspace.expiryOf(row);
    if (this.#asksForExpiry()) db.stepForExpiry(row);
    if (expiry !== 0 && this.isExpired(expiry)) {
      this.#replicateExpiry(row);
      db.delete(row, this.settings.lazyfreeLazyExpire);
      return 0;
    }
    if (this.settings.tracksAccess) keyspace.touch(row, this.nowMs, this.settings.usesFrequency, this.random);
    return row;
  }
}
