import { firstIndexWhere } from '../base/index.js';

const LARGEST = 512;

/**
 * Keeps a long array in chunks. An insertion or a removal moves one chunk and not all later items. It takes some
 * hundreds of steps at a hundred thousand elements, at either end and in between.
 */
export class ChunkedList<Item> {
  #chunks: Item[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  at(index: number): Item | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    const [chunk, inside] = this.#find(index);
    return chunk[inside];
  }

  replace(index: number, item: Item): void {
    const [chunk, inside] = this.#find(index);
    chunk[inside] = item;
  }

  push(item: Item): void {
    const last = this.#chunks.at(-1);
    if (last === undefined || last.length >= LARGEST) this.#chunks.push([item]);
    else last.push(item);
    this.#size++;
  }

  insert(index: number, item: Item): void {
    if (index >= this.#size) {
      this.push(item);
      return;
    }
    const [chunk, inside, at] = this.#find(index);
    this.#size++;
    if (chunk.length < LARGEST) chunk.splice(inside, 0, item);
    else if (inside === 0 && at === 0) this.#chunks.unshift([item]);
    else {
      const rest = chunk.splice(LARGEST / 2);
      this.#chunks.splice(at + 1, 0, rest);
      if (inside <= chunk.length) chunk.splice(inside, 0, item);
      else rest.splice(inside - chunk.length, 0, item);
    }
  }

  /** Removes `count` items from `index` on, and returns them. */
  remove(index: number, count = 1): Item[] {
    const removed: Item[] = [];
    let left = Math.min(count, this.#size - index);
    while (left > 0) {
      const [chunk, inside, at] = this.#find(index);
      const taken = chunk.splice(inside, left);
      for (const item of taken) removed.push(item);
      left -= taken.length;
      this.#size -= taken.length;
      if (chunk.length === 0) this.#chunks.splice(at, 1);
    }
    return removed;
  }

  /** Returns up to `count` items from `index` on. */
  slice(index: number, count: number): Item[] {
    const found: Item[] = [];
    if (index >= this.#size || count <= 0) return found;
    let [chunk, inside, at] = this.#find(index) as [Item[] | undefined, number, number];
    for (; chunk !== undefined && found.length < count; chunk = this.#chunks[++at], inside = 0) {
      const wanted = Math.min(chunk.length, inside + count - found.length);
      for (let next = inside; next < wanted; next++) found.push(chunk[next] as Item);
    }
    return found;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** Counts the first items for which `isBefore` holds; it must hold for no item after one for which it does not. */
  countWhile(isBefore: (item: Item) => boolean): number {
    const chunks = this.#chunks;
    const last = firstIndexWhere(0, chunks.length, (at) => !isBefore(chunks[at]!.at(-1) as Item));
    let count = 0;
    for (let at = 0; at < last; at++) count += chunks[at]!.length;
    const chunk = chunks[last];
    if (chunk === undefined) return count;
    return count + firstIndexWhere(0, chunk.length, (at) => !isBefore(chunk[at] as Item));
  }

  copy(): ChunkedList<Item> {
    const copy = new ChunkedList<Item>();
    copy.#chunks = this.#chunks.map((chunk) => chunk.slice());
    copy.#size = this.#size;
    return copy;
  }

  /** Returns the chunk of an index, the index inside it, and the chunk's own index; searches from the nearer end. */
  #find(index: number): [Item[], number, number] {
    if (index * 2 > this.#size) {
      let first = this.#size;
      for (let at = this.#chunks.length - 1; at >= 0; at--) {
        const chunk = this.#chunks[at]!;
        first -= chunk.length;
        if (index >= first) return [chunk, index - first, at];
      }
    }
    let first = 0;
    for (let at = 0; ; at++) {
      const chunk = this.#chunks[at]!;
      if (index < first + chunk.length) return [chunk, index - first, at];
      first += chunk.length;
    }
  }
}
