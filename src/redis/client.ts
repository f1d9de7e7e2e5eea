import type { OpWriter } from '../trace/index.js';
import { Owner } from './owners.js';
import { growableSdsBytes, sdsBytes } from './sds.js';
import type { ServerVersion } from './servers.js';
import { StringColumns } from './strings.js';

/**
 * A connected client: its buffers, and the argument vector of the command it runs. Not modelled: the index of clients
 * by id (a radix tree of a few nodes), and arguments of 32 KB and more, for which the query buffer itself becomes the
 * argument.
 */
export class Client {
  readonly #writer: OpWriter;
  readonly #server: ServerVersion;
  readonly #arguments: StringColumns;
  #queryBuffer: number;
  #hasRead = false;
  #argumentArray = 0;
  #argumentCount = 0;

  constructor(writer: OpWriter, server: ServerVersion) {
    this.#writer = writer;
    this.#server = server;
    this.#arguments = new StringColumns(writer, server, Owner.argumentObject, Owner.argumentString);

    writer.calloc(server.connection, Owner.clientState);
    writer.malloc(server.client, Owner.client);
    writer.malloc(server.replyBuffer, Owner.replyBuffer);
    this.#queryBuffer = writer.malloc(sdsBytes(0), Owner.queryBuffer);
    writer.malloc(server.list, Owner.clientState); // reply blocks
    writer.malloc(server.dict, Owner.clientState); // keys it blocks on
    writer.malloc(server.list, Owner.clientState); // watched keys
    for (let subscriptions = 0; subscriptions < 3; subscriptions++) {
      writer.malloc(server.dict, Owner.clientState); // channels, patterns, shard channels
    }
    writer.malloc(server.listNode, Owner.clientState); // in the server's list of clients
  }

  /** Reads a command off the socket and parses it: the argument array, then a string object per argument. */
  receive(argumentLengths: readonly number[]): void {
    if (!this.#hasRead) this.#growQueryBuffer();
    const { maxInitialArguments, pointer } = this.#server;
    const count = argumentLengths.length;
    // The array of a command with more arguments than this doubles as they arrive.
    let slots = Math.min(count, maxInitialArguments);
    this.#argumentArray = this.#writer.malloc(slots * pointer, Owner.argumentArray);
    for (let index = 0; index < count; index++) {
      if (index === slots) {
        slots = Math.min(slots * 2, count);
        this.#writer.realloc(this.#argumentArray, slots * pointer, Owner.argumentArray);
      }
      this.#arguments.create(index, argumentLengths[index] as number);
    }
    this.#argumentCount = count;
  }

  /** After the reply: the arguments in order, then their array. */
  reset(): void {
    for (let index = 0; index < this.#argumentCount; index++) this.#arguments.release(index);
    this.#writer.free(this.#argumentArray);
    this.#argumentCount = 0;
  }

  // The empty string that a client starts with cannot grow in place: its header is too small for the new length.
  #growQueryBuffer(): void {
    const grownBuffer = this.#writer.malloc(
      growableSdsBytes(this.#server.queryBufferRead),
      Owner.queryBuffer,
    );
    this.#writer.free(this.#queryBuffer);
    this.#queryBuffer = grownBuffer;
    this.#hasRead = true;
  }
}
