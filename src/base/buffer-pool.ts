export interface BufferPoolOptions<Of extends ArrayBufferLike> {
  /** Returns a new buffer of at least `bytes` bytes. */
  allocate(bytes: number): Of;
  /** The number of unused buffers that are kept; of more, the newest are. */
  readonly maxUnused: number;
  /** The largest size of a reused buffer, as a multiple of the wanted size. Default 1: exactly the wanted size. */
  readonly maxRatio?: number;
  /** Smaller buffers are not kept. Default 0. */
  readonly minBytes?: number;
  /** Whether buffers are kept only if this pool allocated them. Default false. */
  readonly ownOnly?: boolean;
}

/**
 * Reuses buffers that are no longer read. The kernel takes longer to clear fresh pages than the program to fill them,
 * and large buffers cause garbage collection.
 */
export class BufferPool<Of extends ArrayBufferLike> {
  readonly #options: Required<BufferPoolOptions<Of>>;
  readonly #unused: Of[] = [];
  readonly #own = new WeakSet<Of>();

  constructor(options: BufferPoolOptions<Of>) {
    this.#options = { maxRatio: 1, minBytes: 0, ownOnly: false, ...options };
  }

  /** Returns a buffer of at least `bytes` bytes with undefined contents. */
  take(bytes: number): Of {
    const unused = this.#takeUnused(bytes);
    if (unused !== undefined) return unused;
    const buffer = this.#options.allocate(bytes);
    if (this.#options.ownOnly) this.#own.add(buffer);
    return buffer;
  }

  /** Keeps a buffer for `take`. Its caller must not use it any more; a buffer that was transferred is ignored. */
  giveBack(buffer: Of): void {
    const { maxUnused, minBytes, ownOnly } = this.#options;
    const { byteLength } = buffer;
    if (byteLength === 0 || byteLength < minBytes || (ownOnly && !this.#own.has(buffer))) return;
    if (this.#unused.includes(buffer)) return;
    this.#unused.push(buffer);
    if (this.#unused.length > maxUnused) this.#unused.shift();
  }

  /** Takes the newest buffer that fits. */
  #takeUnused(bytes: number): Of | undefined {
    const { maxRatio, minBytes } = this.#options;
    if (bytes < minBytes) return undefined;
    for (let index = this.#unused.length - 1; index >= 0; index--) {
      const { byteLength } = this.#unused[index]!;
      if (byteLength >= bytes && byteLength <= maxRatio * bytes) return this.#unused.splice(index, 1)[0];
    }
    return undefined;
  }
}
