import { latin1 } from '../base/index.js';

/** Keeps the first bytes of a content that arrives in pieces; they become text only when someone asks. */
export class KeptBytes {
  readonly #bytes: Uint8Array;
  #length = 0;

  constructor(most: number) {
    this.#bytes = new Uint8Array(most);
  }

  clear(): void {
    this.#length = 0;
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const kept = this.#bytes;
    let length = this.#length;
    for (let at = from; at < to && length < kept.length; at++) kept[length++] = bytes[at]!;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  get text(): string {
    return latin1(this.#bytes, 0, this.#length);
  }
}
