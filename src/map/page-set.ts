/** A set of pages, as bits. */
export class PageSet {
  #bits = new Uint32Array(1024);
  /** Number of pages before each word; null after a change. */
  #before: Uint32Array | null = null;

  add(page: number, pages: number): void {
    const end = page + pages;
    if (end > this.#bits.length * 32) {
      const grown = new Uint32Array(Math.max(this.#bits.length * 2, Math.ceil(end / 32)));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    for (let at = page; at < end; at++) this.#bits[at >>> 5]! |= 1 << (at & 31);
    this.#before = null;
  }

  get count(): number {
    const before = this.#counted();
    return before[before.length - 1]!;
  }

  /** Returns the number of pages in the set that are below a page. */
  rank(page: number): number {
    const word = page >>> 5;
    return this.#counted()[word]! + bitCount(this.#bits[word]! & ((1 << (page & 31)) - 1));
  }

  #counted(): Uint32Array {
    if (this.#before !== null) return this.#before;
    const before = new Uint32Array(this.#bits.length + 1);
    for (let word = 0; word < this.#bits.length; word++)
      before[word + 1] = before[word]! + bitCount(this.#bits[word]!);
    this.#before = before;
    return before;
  }
}

function bitCount(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (((pairs + (pairs >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
