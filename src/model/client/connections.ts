import { DataType, type Heap } from '../heap/index.js';
import { RadixTree } from '../values/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { Client } from './client.js';

/** The ids of Lua's client and of the functions' client, which are the first. */
const INTERNAL_IDS = 2;

/** The connected clients, by their number in the input and by the id that the server gives them. */
export class Connections {
  /** The clients by number, in the order of their connections. */
  readonly byNumber = new Map<number, Client>();
  /** clients_index, whose keys are ids of 8 bytes, the most significant byte first. */
  readonly #index: RadixTree<Client>;
  readonly #key = new DataView(new ArrayBuffer(8));
  #lastId = INTERNAL_IDS;

  constructor(heap: Heap, { sizes }: ServerVersion) {
    this.#index = new RadixTree(heap, sizes, DataType.server);
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** Adds a client to the index (linkClient), after its list node has been allocated. */
  link(client: Client): void {
    this.#index.insert(this.#keyOf(client.id), client);
  }

  /** Removes a client from the index (unlinkClient), before its list node is freed. */
  unlink(client: Client): void {
    this.#index.remove(this.#keyOf(client.id));
  }

  #keyOf(id: number): Uint8Array {
    this.#key.setBigUint64(0, BigInt(id));
    return new Uint8Array(this.#key.buffer);
  }
}
