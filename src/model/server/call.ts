import {
  hashOf,
  parseDouble,
  parseInteger,
  parseInteger64,
  type Queue,
  type Random,
} from '../../base/index.js';
import {
  argumentText,
  type Command,
  type CommandInfo,
  emptyCommand,
  type RequestWords,
} from '../../commands/index.js';
import type { Arguments, Client, Connections, ErrorNames, Reply, WatchedKeys } from '../client/index.js';
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
import type { Observed } from './observed.js';
import type { Replication } from './replication.js';
import type { Scripts } from './scripts.js';
import type { UnknownCommands } from './unknown-commands.js';

/** Offers the parts of a server that a call uses. One call serves all commands. */
export interface CallServer {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  readonly random: Random;
  readonly resize: ResizePolicy;
  /** The context that the containers of all keys share. */
  readonly values: ValueContext;
  readonly databases: readonly Database[];
  readonly isCluster: boolean;
  /** Evicts keys as a new limit of memory demands. */
  evict(): void;
  /** Allocates a database that no command has named before. */
  openDatabase(number: number): void;
  /** Virtual time in milliseconds. */
  readonly nowMs: number;
  /** Virtual time 0 in milliseconds since 1970, from which absolute expiry times count. */
  readonly epochMs: number;
  /** The times of ids that a real server gave to entries of streams, in milliseconds since 1970; undefined if not known. */
  readonly entryTimes: Queue<number> | undefined;
  unfinished: Iterator<void> | undefined;
  /** Records the decisions of the current command; undefined if they are not asked for. */
  readonly decisions: DecisionLog | undefined;
  /** The outcome of the current command at a real server; undefined if the model decides. */
  readonly observed: Observed | undefined;
  /** Whether a file is being loaded. No key expires during loading: expired keys are deleted later. */
  readonly isLoading: boolean;
  /** Whether cron deletes expired keys (DEBUG SET-ACTIVE-EXPIRE). */
  isExpiryActive: boolean;
  readonly watched: WatchedKeys;
  readonly scripts: Scripts;
  readonly connections: Connections;
  readonly unknown: UnknownCommands;
  readonly child: ChildProcess;
  /** The master's side of replication; undefined if no replica is attached. */
  readonly replication: Replication | undefined;
  readonly statistics: CommandStatistics;
  readonly errors: ErrorNames;
  /** Frees a client other than the current one, which is freed after its reply (`isClosing`). */
  freeClient(client: Client): void;
  hasExpiredWatch(client: Client): boolean;
  /** Blocks the current command until `isReady` or a virtual time. Returns false where blocking is not allowed. */
  block(call: Call, isReady: () => boolean, untilMs: number): boolean;
  /** Carries out a command that was queued for EXEC. */
  callQueued(info: CommandInfo, command: Command, client: Client, args: Arguments): void;
}

/** Stands for an unknown hash, since no hash is negative. */
export const UNKNOWN_HASH = -1;

export class Call implements RequestWords {
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly settings: Settings;
  readonly keyspace: Keyspace;
  /** Seeded random numbers for the server's own choices, such as skiplist levels and samples. */
  readonly random: Random;
  /** The resize policy of hash tables. */
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
  /** The number of changes, as the server counts them. */
  dirty = 0;
  /** Serves as a register in which values are built. */
  readonly value = new Value();
  readonly #origins: Attribution | undefined;
  /** The index of the argument whose hash is `memberHash`; -1 if there is none. */
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

  /** Whether a key with that expiry has expired. */
  isExpired(atMs: number): boolean {
    return atMs < this.nowMs && !this.server.isLoading;
  }

  /** Whether an expiry that a command sets is in the past (checkAlreadyExpired). */
  isInThePast(atMs: number): boolean {
    return atMs <= this.nowMs && !this.server.isLoading;
  }

  /** Returns a virtual time as milliseconds since 1970, as propagated commands contain it. */
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

  /** Returns an argument as text with a character for each byte. */
  text(index: number): string {
    return argumentText(this.command, index);
  }

  /** Whether an argument is `word` in any case. `word` is in upper case. */
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

  /** Returns an integer as string2ll parses it, if a double is exact for it (up to 2^53); otherwise undefined. */
  exactInteger(index: number): number | undefined {
    const { bytes, start, length } = this.command;
    return parseInteger(bytes, start[index]!, length[index]!);
  }

  /** Works as exactInteger, but returns the nearest number beyond 2^53: for positions, counts and times. */
  integer(index: number): number | undefined {
    const exact = this.exactInteger(index);
    if (exact !== undefined || this.length(index) < 16) return exact;
    const value = parseInteger64(this.text(index));
    return value === undefined ? undefined : Number(value);
  }

  float(index: number): number | undefined {
    return parseDouble(this.text(index));
  }

  /** Returns the hash of an argument. The last one is kept, since a key is often looked up and then added. */
  hash(index: number): number {
    if (index === this.#hashed) return this.#hash;
    const { bytes, start, length } = this.command;
    this.#hash = hashOf(bytes, start[index]!, length[index]!);
    this.#hashed = index;
    return this.#hash;
  }

  /** Replaces the kept hashes by those of another command, whose key and member may be hashed already. */
  forgetHash(keyHash: number, member = -1, memberHash = UNKNOWN_HASH): void {
    this.memberIndex = member;
    this.memberHash = memberHash;
    this.#hash = keyHash;
    this.#hashed = keyHash === UNKNOWN_HASH ? -1 : 1;
  }

  // Databases

  /** The number of the selected database. */
  get database(): number {
    return this.client.database;
  }

  databaseAt(number: number): Database {
    this.server.openDatabase(number);
    return this.server.databases[number]!;
  }

  select(number: number): void {
    this.client.database = number;
    this.db = this.databaseAt(number);
  }

  // Keys

  /** Returns the row of a key, or 0 (lookupKeyRead). */
  lookupRead(index: number): number {
    return this.#lookup(index);
  }

  /** Returns the row of a key, or 0, without noting an access (LOOKUP_NOTOUCH). */
  lookupUntouched(index: number): number {
    return this.#lookup(index, false);
  }

  /** Returns the row of a name that is no argument, or 0 (lookupKeyRead). */
  lookupName(name: Uint8Array): number {
    return this.#find(hashOf(name, 0, name.length), name, 0, name.length);
  }

  /** Returns the row of a key, or 0 (lookupKeyWrite). */
  lookupWrite(index: number): number {
    return this.#lookup(index);
  }

  /** Returns the row of a key in another database, or 0 (lookupKeyWrite). */
  lookupIn(database: number, index: number): number {
    const selected = this.db;
    this.db = this.databaseAt(database);
    const row = this.#lookup(index);
    this.db = selected;
    return row;
  }

  /** expireIfNeeded: deletes a key that has expired. Returns whether it did. DEL uses it in place of a lookup. */
  deletesExpired(index: number): boolean {
    const row = this.peek(index);
    const { bytes, start, length } = this.command;
    if (row === 0) {
      if (this.#asksForExpiry()) {
        this.db.stepForNone(this.hash(index), bytes, start[index]!, length[index]!);
      }
      return false;
    }
    if (this.#asksForExpiry()) this.db.stepForExpiry(row);
    const expiry = this.keyspace.expiryOf(row);
    if (expiry === 0 || !this.isExpired(expiry)) return false;
    this.#replicateExpiry(row);
    this.db.delete(row, this.settings.lazyfreeLazyExpire);
    return true;
  }

  /** dbDelete: deletes a key without a lookup. Returns whether there was one. */
  deleteNamed(index: number, lazily = this.settings.lazyfreeLazyServerDel): boolean {
    const row = this.peek(index);
    if (row !== 0) {
      this.db.delete(row, lazily);
      return true;
    }
    const { bytes, start, length } = this.command;
    this.db.stepToDelete(this.hash(index), bytes, start[index]!, length[index]!);
    return false;
  }

  /**
   * Blocks the client until `isReady` returns true, after which the command is carried out again. The timeout is in
   * `seconds` (0: none). Where blocking is not allowed, `nothing` replies at once that nothing was found.
   */
  waitFor(isReady: () => boolean, seconds: number, nothing: () => void): void {
    const untilMs = seconds === 0 ? Infinity : this.nowMs + Math.ceil(seconds * 1000);
    if (!this.server.block(this, isReady, untilMs)) nothing();
  }

  /** Continues the command in steps, so that chunks can be taken between them. It ends with the last step. */
  continueWith(steps: Iterator<void>): void {
    this.server.unfinished = steps;
  }

  /** Notes that the keys among the arguments were modified (updateLRM). */
  noteModified(): void {
    for (let index = 1; index < this.count; index++) {
      const row = this.peek(index);
      if (row !== 0) this.keyspace.touch(row, this.nowMs, false, this.random);
    }
  }

  /** Returns the row of a key, or 0, without any side effect. */
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

  /** Copies a row's value into `value`, without a key that owns it. The contents are allocated before the object. */
  copyValue(row: number): Value {
    const { keyspace } = this;
    if (keyspace.typeOf(row) === ValueType.string) return copyString(this, row);
    let object = 0;
    const model = keyspace.modelOf(row).copy(this.heap, () => {
      object = this.newObject();
    });
    return this.#modelValue(object === 0 ? this.newObject() : object, model);
  }

  /** Allocates an robj (createObject). */
  newObject(): number {
    return this.heap.malloc(this.version.sizes.object, StructKind.valueObject);
  }

  /** Adds a value that is no string under the name in argument `index` (dbAdd). The key must not exist. */
  add(index: number, object: number, model: ValueModel): number {
    return this.addValue(index, this.#modelValue(object, model));
  }

  /** Adds or overwrites a key with a value that is no string, and removes the expiry (setKey). */
  setKey(index: number, object: number, model: ValueModel): number {
    return this.setValue(index, this.#modelValue(object, model), false);
  }

  /** Adds a value under the name in argument `index` (dbAdd). */
  addValue(index: number, value: Value): number {
    const { bytes, start, length } = this.command;
    return this.db.add(this.hash(index), bytes, start[index]!, length[index]!, value);
  }

  /** Looks the key up if `looksUp`, and adds or overwrites it (setKey). */
  setValue(index: number, value: Value, keepsExpiry: boolean, looksUp = true): number {
    const row = looksUp ? this.lookupWrite(index) : this.peek(index);
    if (row === 0) {
      const added = this.addValue(index, value);
      if (!keepsExpiry) this.db.removeExpiry(added);
      return added;
    }
    this.db.overwrite(row, value, keepsExpiry);
    if (!keepsExpiry) this.db.removeExpiry(row);
    return row;
  }

  /**
   * Detaches the value of a row that the command may overwrite, which leaves the row without regions of a value.
   * Returns a function that frees the value at the end of the command.
   */
  detachValue(row: number): () => void {
    const { keyspace } = this;
    const kind = keyspace.kind(row);
    const object = keyspace.object(row);
    const payload = keyspace.payload(row);
    keyspace.recallBirth(row);
    // An object that holds its key's name stays with the key.
    const kept = this.version.keys.name === 'inObject' ? object : 0;
    keyspace.setValue(row, this.value.set(stringKind(StringEncoding.sharedInteger), kept, 0, 0));
    return () => keyspace.releaseValue(kind, kept === 0 ? object : 0, payload);
  }

  /** Deletes a key whose last element a command has removed (dbDelete). */
  deleteKey(row: number): void {
    this.db.delete(row, this.settings.lazyfreeLazyServerDel);
  }

  #modelValue(object: number, model: ValueModel): Value {
    return this.value.set(model.type, object, this.keyspace.models.add(model), 0);
  }

  /**
   * Attributes the next allocations to the key in argument `index`. Handlers call it if they allocate before the
   * lookup, or if the key is not the last one looked up.
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

  #lookup(index: number, touches = true): number {
    const { bytes, start, length } = this.command;
    return this.#find(this.hash(index), bytes, start[index]!, length[index]!, touches);
  }

  #find(hash: number, bytes: Uint8Array, from: number, length: number, touches = true): number {
    const { db, keyspace } = this;
    const row = db.find(hash, bytes, from, length);
    const origins = this.#origins;
    if (origins !== undefined) {
      if (row === 0) origins.aimAtName(hash, bytes, from, length);
      else origins.pattern = keyspace.patternOf(row);
    }
    if (row === 0) return 0;
    const expiry = keyspace.expiryOf(row);
    if (this.#asksForExpiry() && this.version.keys.name !== 'inObject') db.stepForExpiry(row);
    if (expiry !== 0 && this.isExpired(expiry)) {
      this.#replicateExpiry(row);
      db.delete(row, this.settings.lazyfreeLazyExpire);
      return 0;
    }
    const { notesReads, usesFrequency } = this.settings;
    if (touches && notesReads) keyspace.touch(row, this.nowMs, usesFrequency, this.random);
    return row;
  }
}
