import { KIB, MIB } from './units.js';

/**
 * Zeroed memory that grows, with views of words, bytes and doubles over the same buffer.
 *
 * Below a megabyte, growth copies it into a larger array. From a megabyte on it is a WebAssembly.Memory without code,
 * which reserves addresses and grows in place. So a keyspace of hundreds of megabytes never exists twice. Such a
 * memory begins at a page, so each record of 16 words is a cache line.
 *
 * The memory is shared where threads can share memory, although no thread shares it: old views then stay valid after
 * growth. Growth of an unshared memory detaches the old views. From then on engines check at every access to any
 * array whether it is detached.
 */
export class GrowingMemory {
  words: Uint32Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  doubles: Float64Array<ArrayBuffer>;
  #memory: WebAssembly.Memory | undefined;
  readonly #what: string;

  /** Creates memory of `bytes` bytes; `what` names its contents in the error for full memory. */
  constructor(what: string, bytes = 1024) {
    this.#what = what;
    this.words = new Uint32Array(bytes / 4);
    this.bytes = new Uint8Array(this.words.buffer);
    this.doubles = new Float64Array(this.words.buffer);
  }

  /**
   * Grows to at least `bytes` bytes. Returns whether the views have changed; the old views must not be used any more.
   */
  reach(bytes: number): boolean {
    if (bytes <= this.bytes.length) return false;
    const old = this.bytes;
    const wanted = Math.max(bytes, old.length + Math.min(old.length, LARGEST_STEP));
    if (pages(bytes) > MOST_PAGES) {
      throw new RangeError(`${this.#what} take more than 4 GiB: make the input smaller`);
    }
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
      this.#grow(this.#memory, wanted);
    }
    return true;
  }

  #grow(memory: WebAssembly.Memory, wanted: number): void {
    const now = pages(this.bytes.length);
    memory.grow(Math.min(pages(wanted), MOST_PAGES) - now);
    this.#show(memory.buffer);
  }

  #show(buffer: ArrayBuffer): void {
    this.words = new Uint32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.doubles = new Float64Array(buffer);
  }
}

/** Whether memory can be shared; pages of a browser that are not isolated from others cannot. */
const CAN_SHARE = typeof SharedArrayBuffer === 'function';
const PAGE = 64 * KIB;
const MOST_PAGES = 65_536;
const IN_PLACE_FROM = MIB;
/** Growth by larger steps would not save much, although untouched pages cost nothing. */
const LARGEST_STEP = 64 * MIB;

function pages(bytes: number): number {
  return Math.ceil(bytes / PAGE);
}
