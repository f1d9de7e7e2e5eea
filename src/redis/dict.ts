import type { OpWriter } from '../trace/index.js';
import { Owner } from './owners.js';
import type { ServerVersion } from './servers.js';

/**
 * A hash table as its allocations: the struct, the bucket array, and an entry per element. Elements are counted, not
 * hashed, so a table must be given its buckets before it fills up: moving elements to a larger bucket array one
 * bucket at a time depends on which buckets they fell into.
 */
export class Dict {
  readonly #writer: OpWriter;
  readonly #server: ServerVersion;
  #buckets = 0;
  #used = 0;

  constructor(writer: OpWriter, server: ServerVersion) {
    this.#writer = writer;
    this.#server = server;
    writer.malloc(server.dict, Owner.dict);
  }

  get used(): number {
    return this.#used;
  }

  get buckets(): number {
    return this.#buckets;
  }

  /** dictTryExpand on an empty table: the next power of two that holds `elements`. */
  expand(elements: number): void {
    if (this.#buckets > 0)
      throw new Error(`a dict of ${this.#buckets} buckets cannot be expanded: no rehashing`);
    let buckets = this.#server.dictInitialBuckets;
    while (buckets < elements) buckets *= 2;
    this.#buckets = buckets;
    this.#writer.calloc(buckets * this.#server.pointer, Owner.bucketArray);
  }

  /** The new entry's handle. */
  add(): number {
    if (this.#buckets === 0) this.expand(this.#server.dictInitialBuckets);
    if (this.#used >= this.#buckets)
      throw new Error(`a dict of ${this.#buckets} buckets is full: no rehashing`);
    this.#used++;
    return this.#writer.malloc(this.#server.dictEntry, Owner.dictEntry);
  }

  /** Takes the element out; the entry itself is freed last, by `freeEntry`, after key and value. */
  unlink(): void {
    this.#used--;
  }

  freeEntry(entry: number): void {
    this.#writer.free(entry);
  }
}
