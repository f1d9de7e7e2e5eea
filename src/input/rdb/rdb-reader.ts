import { Crc64 } from '../../base/index.js';
import type { ByteWindow } from '../../resp/index.js';
import { Slice } from '../slice.js';
import { RdbCursor } from './cursor.js';
import type { RdbAux, RdbEvent, RdbSlot } from './events.js';
import { moduleName, skipModuleValue } from './module.js';
import { isEmpty, readObject, skipRest } from './object.js';
import { FIRST_VERSION_WITH_CHECKSUM, HEADER_BYTES, Opcode } from './rdb-format.js';
import { parseHeader } from './rdb-header.js';

/** The size of a type and of the lengths of a name and a value. */
const MIN_KEY_BYTES = 3;
const MAX_DATABASE = 0x7fffffff;

/** Reads one RDB image from its header to its checksum, after which the window continues. */
export class RdbReader {
  readonly #window: ByteWindow;
  readonly #cursor: RdbCursor;
  readonly #warn: (message: string) => void;
  readonly #key = new Slice();
  readonly #scratch = new Slice();
  #flavour: 'redis' | 'valkey' = 'redis';
  #database = 0;
  #expireAtMs: number | undefined;
  #idleSeconds: number | undefined;
  #frequency: number | undefined;
  #keys = 0;
  #emptyKeys = 0;
  /** Requests that streams remember so that XADD does not repeat them. */
  #seenRequests = 0;
  #isInKey = false;
  readonly #moduleKeys = new Map<string, number>();

  constructor(window: ByteWindow, warn: (message: string) => void) {
    this.#window = window;
    this.#cursor = new RdbCursor(window);
    this.#warn = warn;
  }

  *events(): Generator<RdbEvent, void> {
    const cursor = this.#cursor;
    const window = this.#window;
    window.startChecksum(new Crc64());
    const headerAt = cursor.position;
    const header = cursor.take(HEADER_BYTES);
    const start = parseHeader(window.bytes.subarray(header, header + HEADER_BYTES), window.name, headerAt);
    this.#flavour = start.flavour;
    yield start;
    cursor.context = () => this.#describe();
    for (;;) {
      this.#isInKey = false;
      const at = cursor.position;
      const opcode = cursor.byte();
      if (opcode === Opcode.end) break;
      const event = this.#read(opcode, at);
      if (event === undefined) continue;
      yield event;
      if (event.kind !== 'rdb-entry') continue;
      skipRest(event.value);
      if (event.value.kind === 'stream') this.#seenRequests += event.value.tail().seenRequests();
    }
    cursor.context = () => 'the checksum';
    this.#verify(start.version);
    this.#summarize();
    yield { kind: 'rdb-end', keys: this.#keys };
  }

  #read(opcode: number, at: number): RdbEvent | undefined {
    const cursor = this.#cursor;
    switch (opcode) {
      case Opcode.expireMs:
        this.#expireAtMs = cursor.milliseconds();
        return undefined;
      case Opcode.expireSeconds:
        this.#expireAtMs = cursor.signed(4) * 1000;
        return undefined;
      case Opcode.frequency:
        this.#frequency = cursor.byte();
        return undefined;
      case Opcode.idle:
        this.#idleSeconds = cursor.length('the idle time');
        return undefined;
      case Opcode.selectDatabase:
        this.#database = this.#readDatabase();
        return undefined;
      case Opcode.resize: {
        // Servers size their tables by this number, so it must not exceed what the file can hold.
        const keys = cursor.count('the number of keys', MIN_KEY_BYTES);
        const expires = cursor.count('the number of keys that expire', MIN_KEY_BYTES);
        return { kind: 'rdb-resize', database: this.#database, keys, expires };
      }
      case Opcode.slotInfo: {
        const slot = cursor.length('a slot');
        const keys = cursor.length("a slot's number of keys");
        const expires = cursor.length("a slot's number of keys that expire");
        return { kind: 'rdb-slot', database: this.#database, slot, keys, expires };
      }
      case Opcode.aux:
        return this.#readAux();
      case Opcode.function2:
        return { kind: 'rdb-function', code: cursor.string(this.#scratch, 'a function library') };
      case Opcode.functionPreRelease:
        throw cursor.unsupported(
          'a function library of a Redis 7.0 release candidate',
          'load it into that version, delete the functions, and save it again',
          at,
        );
      case Opcode.moduleAux:
        this.#skipModuleAux();
        return undefined;
      case Opcode.slotImport:
        if (this.#flavour === 'valkey') {
          this.#skipSlotImport();
          return undefined;
        }
        return this.#readEntry(opcode, at);
      default:
        return this.#readEntry(opcode, at);
    }
  }

  #readEntry(type: number, at: number): RdbEvent | undefined {
    const cursor = this.#cursor;
    // An unknown type is refused before its key is read, since it may be an opcode without a key.
    if (type > MAX_TYPE || type === 8) throw this.#unknownType(type, at);
    // The key must stay valid while the elements are read.
    this.#key.copyOf(cursor.string(this.#scratch, 'a key'));
    this.#isInKey = true;
    const value = readObject(cursor, type, this.#flavour);
    if (value === undefined) throw this.#unknownType(type, at);
    const expireAtMs = this.#expireAtMs;
    const idleSeconds = this.#idleSeconds;
    const frequency = this.#frequency;
    // They apply to this key only.
    this.#expireAtMs = undefined;
    this.#idleSeconds = undefined;
    this.#frequency = undefined;
    if (isEmpty(value)) {
      skipRest(value);
      this.#emptyKeys++;
      return undefined;
    }
    this.#keys++;
    if (value.kind === 'module') {
      this.#moduleKeys.set(value.moduleName, (this.#moduleKeys.get(value.moduleName) ?? 0) + 1);
    }
    const database = this.#database;
    return { kind: 'rdb-entry', database, key: this.#key, expireAtMs, idleSeconds, frequency, value };
  }

  #describe(): string {
    if (!this.#isInKey)
      return this.#keys === 0 ? 'what precedes the first key' : `what follows key ${this.#keys}`;
    const text = this.#key.asText();
    return `key ${JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text)}`;
  }

  #unknownType(type: number, at: number) {
    return this.#cursor.unsupported(
      `unknown type or opcode ${type} for a file of ${this.#flavour === 'redis' ? 'Redis' : 'Valkey'}`,
      'the file is damaged, or from a newer server: save it again, or update slablab',
      at,
    );
  }

  #readDatabase(): number {
    const at = this.#cursor.position;
    const database = this.#cursor.length('a database');
    if (database > MAX_DATABASE) throw this.#cursor.damaged(`database ${database}`, at);
    return database;
  }

  #readAux(): RdbAux | RdbSlot {
    const cursor = this.#cursor;
    const name = cursor.string(this.#scratch, "an aux field's name").asText();
    const at = cursor.position;
    const value = cursor.string(this.#scratch, `aux field ${JSON.stringify(name.slice(0, 64))}`).asText();
    // Valkey 8 writes slots as text, which older servers skip. Redis 7.4 has an opcode for them.
    if (name === 'slot-info') {
      const [, slot, keys, expires] = /^(\d+),(\d+),(\d+)/.exec(value) ?? [];
      if (slot === undefined)
        throw cursor.damaged(`slot-info ${JSON.stringify(value)}: not three numbers`, at);
      return {
        kind: 'rdb-slot',
        database: this.#database,
        slot: Number(slot),
        keys: Number(keys),
        expires: Number(expires),
      };
    }
    return { kind: 'rdb-aux', name, value };
  }

  #skipModuleAux(): void {
    const cursor = this.#cursor;
    const name = moduleName(cursor.bigLength("a module's id"));
    cursor.length('when to load it');
    cursor.length('when to load it');
    skipModuleValue(cursor, name);
    this.#warn(`${this.#window.name}: data of module ${name} that belongs to no key was skipped`);
  }

  #skipSlotImport(): void {
    const cursor = this.#cursor;
    cursor.skipString("a slot import's name");
    const ranges = cursor.count('the number of slot ranges', 2);
    for (let bound = 0; bound < ranges * 2; bound++) cursor.length('a slot');
    this.#warn(`${this.#window.name}: the state of a slot import was skipped`);
  }

  #verify(version: number): void {
    if (version < FIRST_VERSION_WITH_CHECKSUM) return;
    const cursor = this.#cursor;
    const actual = this.#window.finishChecksum()?.value;
    const at = cursor.position;
    const start = cursor.take(8);
    const { bytes } = this.#window;
    const stored = new DataView(bytes.buffer, bytes.byteOffset + start, 8).getBigUint64(0, true);
    if (stored === 0n) {
      this.#warn(
        `${this.#window.name}: saved without a checksum (rdbchecksum no), so damage would go unnoticed`,
      );
    } else if (stored !== actual) {
      throw cursor.damaged(`the checksum is ${hex(stored)}, but the bytes give ${hex(actual ?? 0n)}`, at);
    }
  }

  #summarize(): void {
    const { name } = this.#window;
    if (this.#emptyKeys > 0)
      this.#warn(`${name}: ${this.#emptyKeys} keys without elements were left out, as Redis does`);
    if (this.#seenRequests > 0) {
      this.#warn(
        `${name}: the memory of ${this.#seenRequests} requests that streams remember (XADD IDMP) is not modelled`,
      );
    }
    for (const [module, count] of this.#moduleKeys) {
      this.#warn(`${name}: ${count} values of module ${module} were skipped: only the module can read them`);
    }
  }
}

/** The highest type of Redis and Valkey. */
const MAX_TYPE = 26;

function hex(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}
