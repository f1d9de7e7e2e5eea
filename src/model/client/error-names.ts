import { latin1Bytes } from '../../base/index.js';
import { DataType, type Heap, StructKind } from '../heap/index.js';
import { type EmptyTree, RadixTree } from '../values/index.js';
import type { StructSizes } from '../versions/index.js';

/** The bytes of an error, with its '-', in which a server looks for the end of the name. */
const LONGEST_NAME = 32;
const COUNTER_BYTES = 8;

/** The counters of errors that a server has answered, in a tree by their names (incrementErrorCount). */
export class ErrorNames {
  readonly #heap: Heap;
  readonly #sizes: StructSizes;
  readonly #counters = new Map<string, number>();
  #tree: RadixTree<true>;

  /** `made` is the tree among the regions of the start. */
  constructor(heap: Heap, sizes: StructSizes, made: EmptyTree) {
    this.#heap = heap;
    this.#sizes = sizes;
    this.#tree = new RadixTree(heap, sizes, DataType.server, undefined, 0, made);
  }

  /** Counts an error by its message, which begins with its name. */
  count(message: string): void {
    const space = message.slice(0, LONGEST_NAME - 1).indexOf(' ');
    const name = space < 0 ? 'ERR' : message.slice(0, space);
    if (this.#counters.has(name)) return;
    this.#counters.set(name, this.#heap.malloc(COUNTER_BYTES, StructKind.commandStatistics));
    this.#tree.insert(latin1Bytes(name), true);
  }

  /** Forgets all names, as CONFIG RESETSTAT does. */
  reset(): void {
    this.#tree.free(this.#heap, () => {});
    for (const counter of this.#counters.values()) this.#heap.free(counter);
    this.#counters.clear();
    this.#tree = new RadixTree(this.#heap, this.#sizes, DataType.server);
  }
}
