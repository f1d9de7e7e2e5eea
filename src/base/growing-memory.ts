import { KIB, MIB } from './units.js';

/**
 * Zeroed memory that grows, as words, bytes and doubles over the same buffer.
 *
 * Up to a megabyte it is copied into a larger array, as usual. From there on it is a WebAssembly.Memory that nobody
 * runs code in: that reserves addresses and grows where it lies, so that a keyspace of hundreds of megabytes is never
 * there twice, and it begins at a page, so that records of 16 words are a cache line each. Where threads can share memory
 * it is of that kind, though nobody shares it: then old views stay good when it grows. Else growing takes the memory from
 * them, and from then on engines look at every access to any array whether it still has its own.
 */
export class GrowingMemory {
  words: Uint32Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  doubles: Float64Array<ArrayBuffer>;
  #memory: WebAssembly.Memory | undefined;
  readonly #what: string;

  /** `what` is in it, for the error that it is full. */
  constructor(what: string, bytes = 1024) {
    this.#what = what;
    this.words = new Uint32Array(bytes / 4);
    this.bytes = new Uint8Array(this.words.buffer);
    this.doubles = new Float64Array(this.words.buffer);
  }

  /** Makes it at least so long. True if its views are others now; the old ones must not be used any more. */
  reach(bytes: number): boolean {
    if (bytes <= this.bytes.length) return false;
    const old = this.bytes;
    const wanted = Math.max(bytes, old.length + Math.min(old.length, LARGEST_STEP));
    if (wanted < IN_PLACE_FROM) {
      this.#show(new ArrayBuffer(Math.ceil(wanted / 8) * 8));
      this.bytes.set(old);
    } else if (this.#memory === undefined) {
      this.#memory = new WebAssembly.Memory({
        initial: pages(wanted),
        maximum: MOST_PAGES,
        shared: CAN_SHARE,
      });
      this.#show(this.#memory.buffer);
      this.bytes.set(old);
    } else {
      this.#grow(this.#memory, bytes, wanted);
    }
    return true;
  }

  #grow(memory: WebAssembly.Memory, bytes: number, wanted: number): void {
    const now = pages(this.bytes.length);
    if (pages(bytes) > MOST_PAGES) {
      throw new RangeError(`${this.#what} take more than 4 GiB: make the input smaller`);
    }
    memory.grow(Math.min(pages(wanted), MOST_PAGES) - now);
    this.#show(memory.buffer);
  }

  #show(buffer: ArrayBuffer): void {
    this.words = new Uint32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.doubles = new Float64Array(buffer);
  }
}

/** Pages of a browser that are not isolated from others have no such memory. */
const CAN_SHARE = typeof SharedArrayBuffer === 'function';
const PAGE = 64 * KIB;
const MOST_PAGES = 65_536;
const IN_PLACE_FROM = MIB;
/** Pages that are not touched cost nothing, but growing by more would not save much either. */
const LARGEST_STEP = 64 * MIB;

function pages(bytes: number): number {
  return Math.ceil(bytes / PAGE);
}
