import { DataType, type Heap } from '../heap/index.js';
import { RadixTree } from '../values/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { Client } from './client.js';

/** Lua's client and that of functions have the first ids. */
const IDS_OF_ITS_OWN = 2;

/** The clients that are connected: by the number that a stream gives each, and by the id that the server does. */
export class Connections {
  /** In the order in which they came. */
  readonly byNumber = new Map<number, Client>();
  /** clients_index: keys are ids of 8 bytes, most significant first. */
  readonly #index: RadixTree<Client>;
  readonly #key = new DataView(new ArrayBuffer(8));
  #lastId = IDS_OF_ITS_OWN;

  constructor(heap: Heap, { sizes }: ServerVersion) {
    this.#index = new RadixTree(heap, sizes, DataType.server);
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** linkClient, behind its list node. */
  link(client: Client): void {
    this.#index.insert(this.#keyOf(client.id), client);
  }

  /** unlinkClient, before its list node. */
  unlink(client: Client): void {
    this.#index.remove(this.#keyOf(client.id));
  }

  #keyOf(id: number): Uint8Array {
    this.#key.setBigUint64(0, BigInt(id));
    return new Uint8Array(this.#key.buffer);
  }
}
