import { grown, NumberPool, type OpWriter } from '../trace/index.js';
import { Dict } from './dict.js';
import { Owner } from './owners.js';
import { sdsBytes } from './sds.js';
import type { ServerVersion } from './servers.js';
import { StringColumns } from './strings.js';

const MAX_KEYS = 0x0fffffff;

/**
 * A database's keys by row number, as columns of handles: 20 bytes a key. A removed key's row is the next to be used.
 */
export class Keyspace {
  readonly dict: Dict;
  readonly values: StringColumns;
  readonly #writer: OpWriter;
  readonly #rows = new NumberPool(0, MAX_KEYS, 'keys');
  #name = new Uint32Array(16);
  #nameLength = new Uint32Array(16);
  #entry = new Uint32Array(16);

  constructor(writer: OpWriter, server: ServerVersion) {
    this.#writer = writer;
    this.dict = new Dict(writer, server);
    this.values = new StringColumns(writer, server, Owner.valueObject, Owner.valueString);
  }

  /** A row for a key that is about to be added; its value is created in the same row of `values`. */
  newRow(): number {
    const row = this.#rows.take();
    this.#name = grown(this.#name, row + 1);
    this.#nameLength = grown(this.#nameLength, row + 1);
    this.#entry = grown(this.#entry, row + 1);
    return row;
  }

  /** dbAdd: the dict entry, then the key's own copy of its name. The value exists already. */
  add(row: number, nameLength: number): void {
    this.#entry[row] = this.dict.add();
    this.#name[row] = this.#writer.malloc(sdsBytes(nameLength), Owner.keyName);
    this.#nameLength[row] = nameLength;
  }

  /** dbSyncDelete: name, value, entry. */
  remove(row: number): void {
    this.dict.unlink();
    this.#writer.free(this.#name[row] as number);
    this.values.release(row);
    this.dict.freeEntry(this.#entry[row] as number);
    this.#rows.give(row);
  }

  nameLength(row: number): number {
    return this.#nameLength[row] as number;
  }
}
