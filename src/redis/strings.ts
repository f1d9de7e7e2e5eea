import { grown, type OpWriter } from '../trace/index.js';
import { embeddedStringBytes, sdsBytes } from './sds.js';
import type { ServerVersion } from './servers.js';

/**
 * String objects by row number, as two columns of handles instead of an object each: the robj, and the sds of a raw
 * string (0 for an embedded string or an integer). Serves as values of a keyspace and as arguments of a command.
 */
export class StringColumns {
  readonly #writer: OpWriter;
  readonly #server: ServerVersion;
  readonly #objectOwner: number;
  readonly #sdsOwner: number;
  #object = new Uint32Array(16);
  #sds = new Uint32Array(16);

  constructor(writer: OpWriter, server: ServerVersion, objectOwner: number, sdsOwner: number) {
    this.#writer = writer;
    this.#server = server;
    this.#objectOwner = objectOwner;
    this.#sdsOwner = sdsOwner;
  }

  /** createStringObject: embedded up to the limit; else the sds first, then the object. */
  create(row: number, length: number): void {
    this.#reach(row);
    const { object, embeddedStringLimit } = this.#server;
    if (length <= embeddedStringLimit) {
      this.#sds[row] = 0;
      this.#object[row] = this.#writer.malloc(embeddedStringBytes(object, length), this.#objectOwner);
    } else {
      this.#sds[row] = this.#writer.malloc(sdsBytes(length), this.#sdsOwner);
      this.#object[row] = this.#writer.malloc(object, this.#objectOwner);
    }
  }

  /** An integer lives in the object's pointer. */
  createInteger(row: number): void {
    this.#reach(row);
    this.#sds[row] = 0;
    this.#object[row] = this.#writer.malloc(this.#server.object, this.#objectOwner);
  }

  /** The last reference goes: first the string, then the object. */
  release(row: number): void {
    const sds = this.#sds[row] as number;
    if (sds !== 0) this.#writer.free(sds);
    this.#writer.free(this.#object[row] as number);
  }

  #reach(row: number): void {
    if (row < this.#object.length) return;
    this.#object = grown(this.#object, row + 1);
    this.#sds = grown(this.#sds, row + 1);
  }
}
