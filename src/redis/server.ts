import type { OpChunk, OpWriter } from '../trace/index.js';
import { Client } from './client.js';
import type { CommandLog } from './command-log.js';
import { Keyspace } from './keyspace.js';
import { Owner } from './owners.js';
import type { ServerVersion } from './servers.js';
import { StringColumns } from './strings.js';

/**
 * A server as the stream of its allocations, in the order in which its code makes them. What a server allocates before
 * its first client (shared objects, the command table, other databases) is not modelled.
 */
export class RedisServer {
  readonly keyspace: Keyspace;
  readonly #writer: OpWriter;
  readonly #version: ServerVersion;
  readonly #log: CommandLog;
  readonly #called = new Set<string>();
  readonly #delArguments = [0, 0];
  /** The key object that DEBUG POPULATE makes and drops for each key. */
  readonly #temporaryKey: StringColumns;

  constructor(writer: OpWriter, version: ServerVersion, log: CommandLog) {
    this.#writer = writer;
    this.#version = version;
    this.#log = log;
    this.keyspace = new Keyspace(writer, version);
    this.#temporaryKey = new StringColumns(writer, version, Owner.argumentObject, Owner.argumentString);
  }

  connect(): Client {
    return new Client(this.#writer, this.#version);
  }

  /**
   * DEBUG POPULATE count prefix valueBytes on an empty database. The dict gets all its buckets at once, and the values
   * are zero bytes behind the text "value:<index>", which alone is the value when `valueBytes` is 0.
   * The keys' rows are consecutive from 0. A generator, because it is one command of any number of operations.
   */
  *debugPopulate(
    client: Client,
    count: number,
    prefix: string,
    valueBytes: number,
  ): Generator<OpChunk, void> {
    const { keyspace } = this;
    client.receive(['DEBUG', 'POPULATE', `${count}`, prefix, `${valueBytes}`].map((word) => word.length));
    keyspace.dict.expand(count);
    for (let index = 0; index < count; index++) {
      const digits = decimalDigits(index);
      const nameLength = prefix.length + 1 + digits;
      this.#temporaryKey.create(0, nameLength);
      const row = keyspace.newRow();
      keyspace.values.create(row, valueBytes === 0 ? 'value:'.length + digits : valueBytes);
      keyspace.add(row, nameLength);
      this.#temporaryKey.release(0);
      if (this.#writer.full) yield* this.#writer.takeFull();
    }
    this.#complete('debug', client);
  }

  /** DEL of one existing key. The reply ":1" is a shared object copied into the client's buffer: no allocation. */
  del(client: Client, row: number): void {
    this.#delArguments[0] = 'DEL'.length;
    this.#delArguments[1] = this.keyspace.nameLength(row);
    client.receive(this.#delArguments);
    this.keyspace.remove(row);
    this.#complete('del', client);
  }

  #complete(command: string, client: Client): void {
    if (!this.#called.has(command)) {
      this.#called.add(command);
      this.#writer.calloc(this.#version.latencyCounters, Owner.commandStatistics);
      this.#writer.calloc(this.#version.latencyHistogram, Owner.commandStatistics);
    }
    client.reset();
    this.#log.completed(this.#writer.position);
  }
}

function decimalDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}
