/** Taken items that are left in place. */
const FEW = 64;

/** A queue, first in, first out. The `shift` of an array takes a time that grows with its length. */
export class Queue<Item> {
  #items: (Item | undefined)[] = [];
  #taken = 0;

  get length(): number {
    return this.#items.length - this.#taken;
  }

  get first(): Item | undefined {
    return this.#items[this.#taken];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes the first item; undefined if the queue is empty. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#taken];
    this.#items[this.#taken++] = undefined;
    if (this.#taken > FEW && this.#taken > this.length) {
      this.#items = this.#items.slice(this.#taken);
      this.#taken = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#taken = 0;
  }

  /** Returns the items, the first one first. */
  all(): Item[] {
    return this.#items.slice(this.#taken) as Item[];
  }
}
