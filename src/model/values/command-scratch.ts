import { LookupKey } from './lookup-key.js';
import { TemporaryObject } from './temporary-object.js';

/** Objects that the commands of one server fill again and again, so that a command allocates none. */
export class CommandScratch {
  readonly argument = new LookupKey();
  readonly field = new LookupKey();
  readonly value = new LookupKey();
  readonly element = new LookupKey();
  readonly popped = new TemporaryObject();
  #filler = new Uint8Array(0);

  /** Returns at least `length` letters, which stand for bytes that are not known. */
  filler(length: number): Uint8Array {
    if (this.#filler.length < length) this.#filler = new Uint8Array(length * 2).fill(LETTER);
    return this.#filler;
  }
}

const LETTER = 0x78;
